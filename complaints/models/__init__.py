from complaints.models.case import Case, CaseExhibit, CaseNumber, Event, Shop, ShopAlias
from complaints.models.forwarding import Probe, SetUp
from complaints.models.job import PeriodicJob
from complaints.models.mail import Claim, IncomingMail, Look, Notice, RawFile, RawMail
from complaints.models.reader import CalibrationItem, CalibrationTurn, Decision, Opinion
from complaints.models.review import Note, Review

__all__ = [
    "CalibrationItem",
    "CalibrationTurn",
    "Case",
    "CaseExhibit",
    "CaseNumber",
    "Claim",
    "Decision",
    "Event",
    "IncomingMail",
    "Look",
    "Note",
    "Notice",
    "Opinion",
    "PeriodicJob",
    "Probe",
    "RawFile",
    "RawMail",
    "Review",
    "SetUp",
    "Shop",
    "ShopAlias",
]
