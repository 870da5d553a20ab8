// Warns before a session ends and extends it; without this script the same words and a link stand on every page.
const WARN_AT = 180

const place = document.querySelector('[data-session]')
const words = place?.querySelector('[data-session-words]')
const stay = place?.querySelector('[data-session-stay]')

if (place && words && stay) {
  const plain = words.textContent
  const opened = Date.now()
  const closes = Number(place.dataset.closes)
  let left = Number(place.dataset.left)
  let counted = Date.now()
  let said = ''

  place.querySelector('[data-session-tab]')?.remove()
  stay.setAttribute('role', 'button')
  stay.removeAttribute('target')

  const say = (text, isSoon) => {
    place.classList.toggle('vc-session--soon', isSoon)
    if (text !== said) words.textContent = text
    said = text
  }

  const look = () => {
    const now = Math.floor(left - (Date.now() - counted) / 1000)
    const day = Math.floor(closes - (Date.now() - opened) / 1000)
    const soon = Math.min(now, day)
    if (soon <= 0) {
      say('You have been signed out. What you typed on this page is kept if you send it: you are asked to sign in, and find it again.', true)
      stay.hidden = true
    } else if (soon <= WARN_AT) {
      const minutes = Math.ceil(soon / 60)
      say(`You will be signed out in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`, true)
      stay.hidden = day <= now
    } else {
      say(plain, false)
    }
  }

  const extend = async (event) => {
    event.preventDefault()
    const form = new URLSearchParams({ form_token: stay.dataset.token, from: 'script' })
    try {
      const answer = await fetch('/stay', { method: 'POST', body: form, redirect: 'error' })
      left = (await answer.json()).left
      counted = Date.now()
      say('You stay signed in.', false)
      setTimeout(() => say(plain, false), 10000)
    } catch {
      window.open('/stay', '_blank', 'noopener')
    }
  }

  stay.addEventListener('click', extend)
  stay.addEventListener('keydown', (event) => { if (event.key === ' ') extend(event) })
  setInterval(look, 5000)
  look()
}
