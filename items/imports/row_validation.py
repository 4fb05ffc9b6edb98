"""The one place where the values of a file's rows are checked: as those of an item that is created by itself."""

from items.serializers import ImportedItemSerializer
from items.writes.bulk_insert import NewItem
from rest.deserializer import Deserializer
from rest.parsers import JSONObject

ROW_DESERIALIZER = Deserializer(ImportedItemSerializer)


def validate_row(item: JSONObject) -> NewItem:
    """Raises ValidationError: the first error of the row, by the field's name."""
    values, error = ROW_DESERIALIZER.partial_result(item)
    if error:
        raise error
    return NewItem(**values)
