"""The one place where the values of a file's rows are checked: as those of an item that is created by itself."""

from items.bulk.creation import NewItem
from items.serializers import ImportedItemSerializer
from rest.intake import Intake
from rest.parsers import JSONObject

INTAKE = Intake(ImportedItemSerializer)


def checked(item: JSONObject) -> NewItem:
    """Raises ValidationError: the first error of the row, by the field's name."""
    values, error = INTAKE.read(item)
    if error:
        raise error
    return NewItem(**values)
