"""Decides what has become of consent: given, refused, withdrawn, renewed."""

from workflow.machine import Move, Table
from workflow.questions import is_no, is_not_objected, is_yes, overtaken, withdraws_all
from workflow.vocabulary import Track

UNKNOWN, PENDING, GIVEN, NOT_OBJECTED = "unknown", "pending", "given", "not_objected"
REFUSED, CONFIRMED, WITHDRAWN, RENEWED = "refused_provisionally", "refused_confirmed", "withdrawn", "renewed"

ANY = (UNKNOWN, PENDING, GIVEN, NOT_OBJECTED, REFUSED, CONFIRMED, WITHDRAWN, RENEWED)
STANDING = (GIVEN, NOT_OBJECTED, RENEWED)
REVOKED = (REFUSED, CONFIRMED, WITHDRAWN)

CONSENT = Table(
    Track.CONSENT,
    UNKNOWN,
    (
        Move("consent_record_requested", (UNKNOWN,), PENDING),
        Move("consent_record_requested", tuple(s for s in ANY if s != UNKNOWN), None),
        Move("consent_recorded", ANY, None, (overtaken,)),
        Move("consent_recorded", ANY, NOT_OBJECTED, (is_not_objected,)),
        Move("consent_recorded", REVOKED, RENEWED, (is_yes,)),
        Move("consent_recorded", tuple(s for s in ANY if s not in REVOKED), GIVEN, (is_yes,)),
        Move("consent_recorded", ANY, REFUSED, (is_no,)),
        Move("consent_recorded", ANY, PENDING),
        Move("consent_renewed", ANY, RENEWED),
        Move("victim_returned", ANY, RENEWED),
        Move("consent_withdrawn", ANY, None, (overtaken,)),
        Move("consent_withdrawn", ANY, WITHDRAWN, (withdraws_all,)),
        Move("consent_withdrawn", ANY, None),
        Move("refusal_confirmed", (REFUSED, PENDING, GIVEN, UNKNOWN), CONFIRMED),
    ),
)
