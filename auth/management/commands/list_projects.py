"""Lists projects with their organizations."""

from auth.management.command import ManagementCommand, Options, Output
from auth.models import Project


class Command(ManagementCommand):
    help = "Lists projects, oldest first. --json prints an array."
    example = ""
    empty_text = "There are no projects."

    def run(self, options: Options) -> list[Output]:
        return [
            {
                "project_id": project.id,
                "name": project.name,
                "organization_name": project.organization.name,
                "organization_id": project.organization_id,
                "created_at": project.created_at,
            }
            for project in Project.objects.select_related("organization").order_by("id")
        ]
