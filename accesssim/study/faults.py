"""What can be wrong with a result folder."""

import errno

from accesssim.world.errors import AccessSimError

FULL = (errno.ENOSPC, errno.EDQUOT)
"""How the system says that there is no room."""


class FolderError(AccessSimError):
    """A result folder cannot be used as asked; nothing was written."""


class HoldsOther(FolderError):
    """The folder holds another plan, or fewer replications of this one; `instead` is what a sweep can do about that."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(f"{what} {instead}")
        self.what = what


class FolderInUse(FolderError):
    """Another process is working in the folder."""


class Damaged(FolderError):
    """A file of the result is not what the ledger says."""


class DamagedUnderWay(Damaged):
    """A file of the result was lost or changed while we were at work, or written otherwise than it should be."""


class DiskFull(FolderError):
    """There is no room for what was to be written; what was done is whole."""


class OtherVersion(AccessSimError):
    """A worker elsewhere, or whoever made a folder, has another version of accesssim."""


class WorkLost(AccessSimError):
    """Those who work were lost; what is entered is kept."""
