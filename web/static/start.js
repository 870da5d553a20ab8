// Brings the components of the page to life; every page works without it.
import { initAll } from './vendor/govuk-frontend.min.js'

initAll()
