"""What somebody at the door is told when they may not come in."""

from oncopolis.foundation.errors import ForbiddenError


class SignInRefused(ForbiddenError):  # noqa: N818 - what happened
    """Whoever it is did not prove it; the message does not say what was wrong."""


class TooManyAttempts(ForbiddenError):  # noqa: N818 - what happened
    """Guessing has to wait.

    Parameters
    ----------
    rest_ms
        How long, milliseconds.
    """

    def __init__(self, rest_ms: int) -> None:
        self.rest_ms = rest_ms
        super().__init__(
            code="REC-264",
            where="sign-in",
            got="too many attempts that failed",
            expected="a pause",
            fix="wait, or use a passkey or a one-time link",
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.rest_ms,)


class CodeNeeded(ForbiddenError):  # noqa: N818 - what happened
    """Half of the proof is there.

    Parameters
    ----------
    half
        Secret that stands for it, for some minutes.
    """

    def __init__(self, half: str) -> None:
        self.half = half
        super().__init__(
            code="REC-354",
            where="sign-in",
            got="half of the proof",
            expected="a code of the authenticator too",
            fix="type the code that the app shows",
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.half,)


class GrantRefused(ForbiddenError):  # noqa: N818 - what happened
    """What a program brought is not good (any more); OAuth calls it ``invalid_grant``."""


def refuse_sign_in() -> SignInRefused:
    """The one refusal of every sign-in."""
    return SignInRefused(
        code="REC-263",
        where="sign-in",
        got="an account and a proof that do not go together",
        expected="those of an account that may sign in",
        fix="try again, or ask an administrator for a one-time link",
    )


def refuse_code() -> ForbiddenError:
    """The refusal of a code of an authenticator."""
    return ForbiddenError(
        code="REC-355",
        where="code",
        got="one that does not fit, or was used",
        expected="the one that the authenticator shows now",
        fix="wait for the next one, and see that the clock of the phone is right",
    )


def refuse_weak() -> ForbiddenError:
    """The refusal of who came in by a password alone, and needs more."""
    return ForbiddenError(
        code="REC-356",
        where="session",
        got="one by a password alone",
        expected="a passkey, or the code of an authenticator too",
        fix="sign in with it, or set one up on the page of the account",
    )


def refuse_grant(got: str) -> GrantRefused:
    """The refusal of a code or token."""
    return GrantRefused(
        code="REC-265",
        where="token",
        got=got,
        expected="one that was given out, is not used up and not too old",
        fix="ask for access again",
    )
