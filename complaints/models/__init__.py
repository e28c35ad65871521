from complaints.models.case import Case, CaseExhibit, CaseNumber, Event, Shop, ShopAlias, Shown
from complaints.models.demand import Demand, LookBack
from complaints.models.door import HookToken, PolledMailbox
from complaints.models.forwarding import Probe, SetUp
from complaints.models.job import Heartbeat, PeriodicJob
from complaints.models.keeping import Keeping, KeepingExhibit, KeepingReminder
from complaints.models.ledger import Alarm, LastCount, LedgerCount
from complaints.models.letter import LetterDraft
from complaints.models.mail import Claim, IncomingMail, Look, Notice, RawFile, RawMail
from complaints.models.past import PastReading
from complaints.models.reader import CalibrationItem, CalibrationTurn, Decision, Opinion
from complaints.models.reminder import CalendarFeed, Mute, Reminder
from complaints.models.review import Note, Review
from complaints.models.search import Passage, PassageDue
from complaints.models.signature import Arrival, ShopSender, Signature, SigningKey
from complaints.models.tombstone import LastCall, Tombstone

__all__ = [
    "Alarm",
    "Arrival",
    "CalendarFeed",
    "CalibrationItem",
    "CalibrationTurn",
    "Case",
    "CaseExhibit",
    "CaseNumber",
    "Claim",
    "Decision",
    "Demand",
    "Event",
    "Heartbeat",
    "HookToken",
    "IncomingMail",
    "Keeping",
    "KeepingExhibit",
    "KeepingReminder",
    "LastCall",
    "LastCount",
    "LedgerCount",
    "LetterDraft",
    "Look",
    "LookBack",
    "Mute",
    "Note",
    "Notice",
    "Opinion",
    "Passage",
    "PassageDue",
    "PastReading",
    "PeriodicJob",
    "PolledMailbox",
    "Probe",
    "RawFile",
    "RawMail",
    "Reminder",
    "Review",
    "SetUp",
    "Shop",
    "ShopAlias",
    "ShopSender",
    "Shown",
    "Signature",
    "SigningKey",
    "Tombstone",
]
