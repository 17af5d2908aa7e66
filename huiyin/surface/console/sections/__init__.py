"""Everything that can be set or looked up in the console: one entry each, in order of use."""

from __future__ import annotations

from huiyin.surface.console.section import Section
from huiyin.surface.console.sections import (
    asking,
    asking_customers,
    authority,
    chatting,
    closing,
    hooks,
    improving,
    mail,
    outside,
    paper,
    people,
    phone,
    printing,
    promising,
    recordings,
    records,
    remedies,
    routing,
    social,
    solving,
    sorting,
    supervising,
    time,
    words,
)

SECTIONS: tuple[Section, ...] = (
    *people.SECTIONS,
    *sorting.SECTIONS,
    *words.SECTIONS,
    *routing.SECTIONS,
    *time.SECTIONS,
    *supervising.SECTIONS,
    *promising.SECTIONS,
    *remedies.SECTIONS,
    *authority.SECTIONS,
    *solving.SECTIONS,
    *improving.SECTIONS,
    *closing.SECTIONS,
    *asking.SECTIONS,
    *asking_customers.SECTIONS,
    *mail.SECTIONS,
    *recordings.SECTIONS,
    *paper.SECTIONS,
    *chatting.SECTIONS,
    *phone.SECTIONS,
    *hooks.SECTIONS,
    *social.SECTIONS,
    *outside.SECTIONS,
    *records.SECTIONS,
    *printing.SECTIONS,
)

BY_NAME = {section.name: section for section in SECTIONS}
