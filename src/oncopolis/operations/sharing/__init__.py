"""Tele-tumour-board: cases that partner centres see by consent, without a name, and their signed opinions."""

from oncopolis.operations.sharing.acts import ACTS
from oncopolis.operations.sharing.partners import read_members, read_partner_of, read_partners
from oncopolis.operations.sharing.pseudonyms import make_bundle
from oncopolis.operations.sharing.reading import read_opinions, read_remarks, read_shared, read_shares
from oncopolis.operations.sharing.views import Opinion, Remark, Share

VIEWS = (Share,)
"""Kinds of views on the floor."""

__all__ = [
    "ACTS",
    "VIEWS",
    "Opinion",
    "Remark",
    "Share",
    "make_bundle",
    "read_members",
    "read_opinions",
    "read_partner_of",
    "read_partners",
    "read_remarks",
    "read_shared",
    "read_shares",
]
