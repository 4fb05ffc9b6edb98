"""View that rolls a dataset's items back to a revision."""

from typing import Any

from rest_framework.request import Request

from items.history.openapi import ROLL_BACK
from items.history.params import snapshot_or_400
from items.resource import DatasetDetailView
from items.rollback.rollback import roll_back
from rest.responses import Response


class RollbackView(DatasetDetailView):
    operations = {"post": ROLL_BACK}

    def post(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        self.get_head_or_404(dataset_id)
        text = self.validated_body()["revision"]
        snapshot = snapshot_or_400(self.items, dataset_id, text)
        result = roll_back(
            project_id=self.project_id, user_id=self.access.user.id, dataset_id=dataset_id, snapshot=snapshot
        )
        body = {"revision": snapshot.revision, **result._asdict()}
        return Response(body, headers={"Dataset-Revision": str(result.dataset_revision)})
