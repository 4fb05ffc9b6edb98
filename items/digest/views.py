"""View of the digest of a dataset's revision."""

from typing import Any

from rest_framework import status
from rest_framework.request import Request

from items.digest.digests import Digest, get_digest
from items.digest.openapi import READ_DIGEST
from items.digest.serializers import digest_body
from items.history.params import snapshot_or_400
from items.history.snapshots import LATEST, Snapshot
from items.resource import DatasetDetailView
from rest.etags import is_not_modified, not_modified
from rest.responses import Response

# Work continues only with the next request, so waiting longer gains nothing.
RETRY_AFTER_SECONDS = 1


class DigestView(DatasetDetailView):
    operations = {"get": READ_DIGEST}

    def get(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.get_object().id
        text = request.query_params.get("revision") or LATEST
        snapshot = snapshot_or_400(self.items, dataset_id, text)
        digest = get_digest(self.project_id, dataset_id, snapshot)
        body = digest_body(dataset_id, snapshot, digest)
        headers = {"Dataset-Revision": str(snapshot.revision)}
        if digest is None:
            headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return Response(body, status=status.HTTP_202_ACCEPTED, headers=headers)
        etag = digest_etag(snapshot, digest)
        if is_not_modified(request, etag):
            return not_modified(etag, **headers)
        return Response(body, headers=headers | {"ETag": etag})


def digest_etag(snapshot: Snapshot, digest: Digest) -> str:
    """Combine all parts of the body that can change into a strong ETag."""
    return f'"{snapshot.revision}-{digest.erased_count}-{digest.sha256}"'
