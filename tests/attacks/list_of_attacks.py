"""All attacks by name."""

from tests.attacks.http1_attacks import HTTP1_ATTACKS
from tests.attacks.http2_attacks import HTTP2_ATTACKS

ATTACKS = {attack.name: attack for attack in (*HTTP2_ATTACKS, *HTTP1_ATTACKS)}
