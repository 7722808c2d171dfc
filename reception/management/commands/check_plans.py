"""manage.py check_plans: does every handed-over plan still say what it said, and is every file as it was kept?"""

from django.core.management.base import BaseCommand, CommandError

from reception.models import PlanHandover
from reception.services.files import faults


class Command(BaseCommand):
    help = "Counts the checksums of handed-over plans and their files again. Exit 1 and their names if one differs."

    def handle(self, **options):
        rows = PlanHandover.objects.standing().exclude(checksum="").select_related("plan__person__case").order_by("pk")
        checked = wrong = 0
        for handover in rows.iterator():
            checked += 1
            for fault in faults(handover):
                wrong += 1
                plan = handover.plan
                self.stderr.write(f"{plan.person.case.number} person {plan.person_id} v{plan.version}: {fault}")
        if wrong:
            raise CommandError(f"{checked} plans checked, {wrong} faults.")
        self.stdout.write(f"{checked} plans checked, all as they were handed over.")
