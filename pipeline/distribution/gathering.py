"""What goes out of the folder with results, from the folders that it takes: mail and packs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipeline.distribution.contacts import read_contacts
from pipeline.distribution.drafts import FOLDER
from pipeline.distribution.journal import read_journal
from pipeline.distribution.leaflets import Leaflets
from pipeline.distribution.letters import Letters
from pipeline.distribution.messages import Sender
from pipeline.distribution.packing import Packed, write_packs
from pipeline.distribution.packs import of_each, of_everything, of_province
from pipeline.distribution.published import published
from pipeline.distribution.recipients import recipients, told_before_mail
from pipeline.distribution.rounds import Mail, Progress
from pipeline.intake import Limits, read_deliveries
from pipeline.intake.tariffs import read_tariff
from pipeline.reference.mergers import FILE as MERGERS
from pipeline.reference.places import Folder
from pipeline.reference.register import FILE as REGISTER
from pipeline.reference.register import read_register
from pipeline.reference.texts import read_texts


def mail(
    inputs: Path,
    outputs: Path,
    reference: Folder,
    templates: Folder,
    day: date,
    limits: Limits,
    sender: Sender | None,
) -> Mail:
    """Read all that messages to municipalities are made from, besides what stands in the folder with results.

    Raises:
        KostenindicatieError: as `check` does, or if the texts, templates or the list of contacts are broken.
    """
    register = read_register(reference / REGISTER, reference / MERGERS)
    tariff = read_tariff(reference, day, register.codes)
    intake = read_deliveries(inputs, register, limits, tariff.items, day.year)
    letters = Letters.read(templates, read_texts(templates), tariff)
    contacts = read_contacts(reference, register)
    whom = recipients(intake, contacts.addresses)
    findings = tuple(told_before_mail(intake, contacts, whom, read_journal(outputs / FOLDER)))
    return Mail(outputs, letters, intake, whom, register, day, sender, findings)


def pack(
    outputs: Path,
    reference: Folder,
    templates: Folder,
    municipalities: Iterable[str],
    provinces: Iterable[str],
    everything: bool,
    progress: Progress | None = None,
) -> Packed:
    """Pack what stands in the folder with results: for municipalities, provinces, of everything, or for each of all.

    Raises:
        KostenindicatieError: if there are no results, the register, texts or template are broken, a municipality or
            province is unknown, or packs cannot be written.
    """
    register = read_register(reference / REGISTER, reference / MERGERS)
    codes = [register.only(name).code for name in municipalities]
    leaflets = Leaflets.read(templates, read_texts(templates))
    with published(outputs) as publication:
        packs = [of_province(publication, name) for name in provinces]
        packs += [of_everything(publication)] if everything else []
        packs += of_each(publication, codes) if codes or not packs else []
        return write_packs(publication, packs, leaflets, progress)
