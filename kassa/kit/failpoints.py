"""Places where a test may kill the process, to prove that nothing is lost or doubled between two steps.

`KASSA_FAILPOINT=name[:skip]` kills this process by SIGKILL at the named point, after letting it pass `skip` times.
Unset, a failpoint is one comparison. The runtime arms it in sandbox mode only.
"""

import os
import signal

_armed = ""
_skip = 0


def arm(setting: str) -> None:
    """Arm one failpoint for this process; an empty setting disarms."""
    global _armed, _skip
    _armed, _, skip = setting.partition(":")
    _skip = int(skip or 0)


def failpoint(name: str) -> None:
    """Die here when this point is armed."""
    global _skip
    if name != _armed:
        return
    if _skip > 0:
        _skip -= 1
        return
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
