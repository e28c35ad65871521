from complaints.models.case import Case, CaseExhibit, CaseNumber, Event, Shop, ShopAlias
from complaints.models.forwarding import Probe, SetUp
from complaints.models.job import PeriodicJob
from complaints.models.mail import Claim, IncomingMail, Look, Notice, RawFile, RawMail

__all__ = [
    "Case",
    "CaseExhibit",
    "CaseNumber",
    "Claim",
    "Event",
    "IncomingMail",
    "Look",
    "Notice",
    "PeriodicJob",
    "Probe",
    "RawFile",
    "RawMail",
    "SetUp",
    "Shop",
    "ShopAlias",
]
