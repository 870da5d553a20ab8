"""Acts out people: invented victims, children and officers, whose names and numbers lead to nobody."""

from datetime import date, timedelta
from random import Random
from typing import Any

Record = dict[str, Any]

_GIVEN = (
    "Aisha", "Amelia", "Ben", "Carys", "Chloë", "Dilys", "Emeka", "Fatima", "Gareth", "Grace", "Harpreet", "Ibrahim",
    "Isla", "Jamal", "Jia", "Kwame", "Leah", "Łukasz", "Maryam", "Megan", "Mohammed", "Noor", "Oisín", "Olivia",
    "Priya", "Rhys", "Ruth", "Siân", "Tariq", "Tomasz", "Wei", "Yusuf", "Zofia", "Zoë",
)  # fmt: skip
_FAMILY = (
    "Demoson", "Examplesen", "Fabelund", "Fictionby", "Figmentov", "Imaginedi", "Inventham", "Makebelieve", "Mockridge",
    "Modelson", "Nonesuch", "Notrealski", "Placeholder", "Pretendham", "Prototype", "Sampleton", "Specimen", "Storeyby",
    "Testley", "Whimsey",
)  # fmt: skip
_STREETS = ("Example Road", "Sample Street", "Pattern Lane", "Specimen Close", "Model Terrace", "Fable Court")
_ORGANISATIONS = (
    ("Corner Grocer (example)", "shop manager"),
    ("Sampleton Primary School (example)", "head teacher"),
    ("Example Trams", "operations manager"),
    ("Fictionby Library (example)", "librarian"),
    ("Nowhere Care Home (example)", "duty manager"),
    ("Pattern Park Trust (example)", "warden"),
    ("Testley Garden Centre (example)", "owner"),
)
_TEAMS = ("Response", "Neighbourhood", "CID", "Youth justice liaison")
_STATIONS = ("Example Street", "Sampleton", "Fictionby", "Testley")
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def _name(rng: Random) -> tuple[str, str]:
    return rng.choice(_GIVEN), rng.choice(_FAMILY)


def _mobile(rng: Random) -> str:
    # Ofcom keeps these numbers, and 01632 960000 to 960999, for fiction.
    return f"07700 900{rng.randrange(1000):03d}"


def _landline(rng: Random) -> str:
    return f"01632 960{rng.randrange(1000):03d}"


def _address(rng: Random) -> Record:
    postcode = f"ZZ99 {rng.randint(1, 9)}{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}"
    return {"lines": [f"{rng.randint(1, 199)} {rng.choice(_STREETS)}", "Exampleton"], "postcode": postcode}


def _birthday(rng: Random, on: date, youngest: int, oldest: int) -> date:
    """A day on which somebody was born who is that old, in whole years, on a day."""
    return on - timedelta(days=round(365.25 * rng.randint(youngest, oldest)) + rng.randint(10, 350))


def officer(rng: Random) -> Record:
    """An officer in charge who can be asked back, and a station."""
    given, family = _name(rng)
    collar = f"{rng.randint(1000, 9999)}"
    return {
        "name": f"{given} {family}",
        "collar_number": collar,
        "team": rng.choice(_TEAMS),
        "email": f"officer{collar}@example.org",
        "phone": _landline(rng),
    }


def station(rng: Random) -> str:
    """A police station that is nowhere."""
    return rng.choice(_STATIONS)


def child_responsible(rng: Random, number: int, on: date) -> Record:
    """A child held responsible, 10 to 17 years old on the day of the incident."""
    given, family = _name(rng)
    return {
        "reference": f"CH-{number:04d}",
        "given_name": given,
        "family_name": family,
        "date_of_birth": _birthday(rng, on, 10, 16).isoformat(),
    }


def victim(rng: Random, kind: str, number: int, on: date) -> Record:
    """A victim of that kind, harmed on that day, with every way of reaching them."""
    given, family = _name(rng)
    reach: Record = {
        "address": _address(rng),
        "phones": [{"number": _mobile(rng), "kind": "mobile"}],
        "email": f"contact{number:04d}@example.org",
    }
    if kind == "organisation":
        name, role = rng.choice(_ORGANISATIONS)
        contact = {"name": name, "contact_name": f"{given} {family}", "role": role}
        reach["phones"] = [{"number": _landline(rng), "kind": "work"}]
        return {"kind": kind, "relationship_to_child": "stranger", "organisation": contact, **reach}
    person: Record = {"kind": kind, "given_name": given, "family_name": family}
    if kind == "child":
        person |= {
            "date_of_birth": _birthday(rng, on, 8, 16).isoformat(),
            "relationship_to_child": rng.choice(("peer_same_school", "peer_same_school", "known", "stranger")),
            "looked_after": False,
            "guardian": _guardian(rng, family),
        }
    else:
        person |= {
            "date_of_birth": _birthday(rng, on, 19, 84).isoformat(),
            "relationship_to_child": rng.choice(("stranger", "stranger", "stranger", "known", "neighbour", "staff")),
        }
    return {**person, **reach}


def _guardian(rng: Random, family: str) -> Record:
    return {
        "name": f"{rng.choice(_GIVEN)} {family}",
        "relationship": rng.choice(("mother", "father", "grandparent")),
        "parental_responsibility": True,
        "phone": _mobile(rng),
        "is_suspect": False,
        "told": True,
    }
