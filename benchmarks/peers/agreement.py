"""Before anything is timed: does each service return what it was given?"""

from benchmarks.load import LoadError
from benchmarks.peers.items import Item, new_items
from benchmarks.peers.service import PAGE_ITEMS, Call, Service
from benchmarks.peers.work import Sizes, Subject

# Of one request, where a dataset is filled.
FILL_ITEMS = 1000


def filled(service: Service, items: dict[str, list[Item]], sizes: Sizes) -> Subject:
    """Fill the datasets `small` and `large` of these items, and read them back. Raises LoadError for any difference."""
    datasets = {name: service.new_dataset(name) for name in items}
    for name, sent in items.items():
        for start in range(0, len(sent), FILL_ITEMS):
            carry_out(service, service.append(datasets[name], sent[start : start + FILL_ITEMS]))
        check_alike(f"{service.name}, {name}", read(service, service.read(datasets[name])), sent)
    subject = Subject(service, datasets["small"], datasets["large"], sizes)
    check_page(subject, items["small"])
    check_append(subject)
    return subject


def check_page(subject: Subject, sent: list[Item]) -> None:
    call = subject.service.read_page(subject.small)
    if not call:
        return
    page = read(subject.service, call)
    if len(page) != min(PAGE_ITEMS, len(sent)) or not keys(page) <= keys(sent):
        raise LoadError(f"{subject.service.name}: a page is not of the dataset's items: {page}"[:4000])


def check_append(subject: Subject) -> None:
    """One item, to a dataset that is not measured."""
    service, items = subject.service, new_items(1)
    dataset = service.new_dataset("checked")
    carry_out(service, service.append(dataset, items))
    check_alike(f"{service.name}, one item", read(service, service.read(dataset)), items)


def check_alike(what: str, found: list[Item], sent: list[Item]) -> None:
    if len(found) != len(sent) or keys(found) != keys(sent):
        raise LoadError(f"{what}: {len(found)} items came back, of {len(sent)}, or others:\n{found[:1]}\n{sent[:1]}")


def keys(items: list[Item]) -> set[str]:
    return {item.key for item in items}


def read(service: Service, call: Call) -> list[Item]:
    return service.items(carry_out(service, call))


def carry_out(service: Service, call: Call) -> list[bytes]:
    connection = service.connect()
    try:
        bodies: list[bytes] = call(connection)
        return bodies
    finally:
        connection.close()
