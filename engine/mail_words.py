"""Writes the words of an e-mail from its template in templates/email: plain text, and a hole in it is a fault."""

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.house import House


def mail_words(house: House, template: str, **facts: object) -> str:
    """The text of one e-mail; raises jinja2.UndefinedError where the template names what is not given."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(house.settings.templates / "email"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**facts)
