"""The few sentences that come with a claim (simulated)."""

from random import Random


def a_report(draw: Random, code: str) -> str:
    """The few sentences a practitioner writes about an injury (simulated)."""
    first = draw.choice((
        "Patient fell at the workplace", "Patient slipped on a wet floor",
        "Pesakit jatuh semasa mengangkat barang", "Patient hit by a moving load",
        "Motosikal terbabas di selekoh", "Collision at a junction", "Pesakit tergelincir di tangga",
        "Patient struck the guard rail", "Hand caught while feeding the machine",
    ))  # fmt: skip
    second = draw.choice((
        "swelling and reduced range of movement", "pain on weight bearing", "bengkak dan lebam",
        "tenderness over the joint line", "kelemahan anggota", "numbness of the fingers",
        "instability on stress test", "radiating pain to the leg", "luka terbuka",
    ))  # fmt: skip
    third = draw.choice((
        "X-ray done, no dislocation", "MRI shows a partial tear", "Imaging not available",
        "X-ray menunjukkan retak halus", "referred for physiotherapy", "plaster applied",
        "conservative treatment", "sutured under local anaesthesia", "fisioterapi dicadangkan",
    ))  # fmt: skip
    last = draw.choice((
        "Review in two weeks.", "Follow-up given.", "Unfit for work.", "Rawatan susulan diberi.",
        "Advised rest.", "Fit for light work after review.",
    ))  # fmt: skip
    told = " ".join(draw.choice(words) for words in _TOLD)
    day = draw.randrange(2, 29)
    return f"{first}; {told}; code {code}. On examination {second}. {third} on day {day}. {last}"


_TOLD = (
    ("early in the shift", "late in the shift", "on the way home", "semasa hujan", "at the gate",
     "before the meal break", "pada waktu malam", "while unloading", "near the stairs"),
    ("with one colleague", "alone at the time", "dengan dua saksi", "in heavy traffic",
     "on uneven ground", "carrying two boxes", "without a helmet", "dengan kasut keselamatan"),
    ("and could not stand", "and walked with help", "lalu dibawa ke klinik", "and felt it next day",
     "and was taken by ambulance", "dan rehat di rumah", "and went on for an hour"),
    ("No earlier complaint", "Old complaint of the same side", "Tiada sejarah penyakit",
     "Takes medicine for blood pressure", "Smoker", "Menghidap kencing manis", "Fit before"),
)  # fmt: skip


def vary(text: str, draw: Random) -> str:
    """The same report with a word changed."""
    words = text.split()
    if draw.random() < 0.7:
        at = draw.randrange(len(words))
        words[at] = draw.choice(("mild", "marked", "left", "right", "kiri", "kanan", "again"))
    return " ".join(words)


def an_illness_report(draw: Random, code: str) -> str:
    """What a specialist writes about an illness that may end working life (simulated)."""
    first = draw.choice((
        "Known to this clinic for years", "Referred by the district hospital",
        "Dirujuk oleh klinik kesihatan", "Admitted through the emergency department",
        "Seen in the specialist clinic", "Pesakit menjalani rawatan susulan",
    ))  # fmt: skip
    second = draw.choice((
        "weakness of one side", "chest pain on slight effort", "dialisis tiga kali seminggu",
        "cannot stand for long", "tidak dapat bekerja penuh", "poor memory and sleep",
        "treated in cycles since spring", "sesak nafas semasa berjalan", "sight much reduced",
    ))  # fmt: skip
    third = draw.choice((
        "echocardiogram attached", "CT of the head attached", "laporan makmal dilampirkan",
        "medication was changed twice", "fisioterapi diteruskan", "no surgery planned",
    ))  # fmt: skip
    last = draw.choice((
        "Unfit for former work.", "Tidak layak bekerja.", "To be seen by the board.",
        "Prognosis guarded.", "Penilaian semula dalam setahun.",
    ))  # fmt: skip
    month = draw.randrange(1, 13)
    return f"{first}, code {code}; {second}. {third}, month {month}. {last}"


def a_letter(house: Random, draw: Random, reason: str) -> str:
    """A letter of termination in the wording of one employer (simulated).

    Args:
        house: draws of the employer, the same for all its letters.
        draw: draws of the person the letter is for.
        reason: the stated reason.
    """
    opening = house.choice(_LETTER_OPENS)
    why = house.choice(_LETTER_REASONS.get(reason, _LETTER_REASONS["other"]))
    middle = " ".join(house.choice(words) for words in _LETTER_MIDDLE)
    closing = house.choice(_LETTER_CLOSES)
    day, month = draw.randrange(1, 29), draw.randrange(1, 13)
    return f"{opening} {why} {middle} Your last day is {day}/{month}. {closing}"


_LETTER_OPENS = (
    "We refer to your contract of service with us.", "Dengan hormatnya dimaklumkan kepada anda.",
    "Further to our meeting with all staff,", "This letter confirms what you were told.",
    "Merujuk kepada perjumpaan pada minggu lalu,", "After long thought the management writes:",
    "To our valued colleague,", "Surat ini dikeluarkan oleh bahagian sumber manusia.",
)  # fmt: skip
_LETTER_REASONS = {
    "retrenchment": (
        "orders from our largest customer fell by half", "the night line is being closed down",
        "jawatan anda telah dimansuhkan", "the work moves to our site in another state",
        "syarikat mengurangkan bilangan pekerja", "two departments become one from next month",
        "the machine now does what your section did", "the project you were hired for has ended",
    ),
    "closure": (
        "the company ceases its business", "syarikat menghentikan operasi", "the premises close",
        "a liquidator was appointed by the court", "the lease was not renewed and we shut",
    ),
    "voluntary_separation": (
        "your application under the separation scheme is accepted",
        "permohonan anda di bawah skim perpisahan sukarela diluluskan",
        "you chose to leave under the offer made to all",
    ),
    "other": (
        "we acknowledge your notice", "surat anda telah diterima", "the contract comes to its end",
        "we cannot offer you further work", "perkhidmatan anda ditamatkan",
    ),
}  # fmt: skip
_LETTER_MIDDLE = (
    ("Wages up to that day will be paid with the next run.", "Gaji akhir dibayar dalam tujuh hari.",
     "Leave not taken is paid out.", "Please return card, keys and uniform.",
     "Outstanding claims should reach accounts this week.", "Baki cuti akan dikira.",
     "Your medical card ends with the month."),
    ("A certificate of service is attached.", "Sijil perkhidmatan akan dihantar.",
     "References may be asked for at the office.", "The union was informed.",
     "Forms for the tax office follow by post.", "Borang cukai disertakan.",
     "Kindly sign the copy and send it back."),
    ("You may ask for help with the search for work.", "Sila daftar dengan pusat pekerjaan.",
     "We regret this step.", "Questions go to the personnel desk.",
     "The decision is not about your work.", "Keputusan ini bukan kerana prestasi anda."),
)  # fmt: skip
_LETTER_CLOSES = (
    "Thank you for your years with us.", "Sekian, terima kasih.", "Yours faithfully, the manager.",
    "We wish you well.", "Semoga maju jaya.", "On behalf of the board of directors.",
)  # fmt: skip
