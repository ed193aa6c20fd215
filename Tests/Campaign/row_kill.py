"""kill -9 at random moments, one process or several or all of them, also while they start; nothing that was acknowledged is gone,
nothing is there twice."""
import json
import random
import time

import messages
from clients import Writers, draft_request, report_request
from clients import call_service_pb2, determination_service_pb2, case_service_pb2, import_service_pb2, rebuild_service_pb2
from clients import scorecard_service_pb2
from county import ALL, eventually

NO_GATEWAY = 78  # huying's exit code: 64 and UNAVAILABLE


def run(campaign):
    with campaign.at_work() as (county, auditor):
        existing = auditor.count_cases()
        dice = random.Random(campaign.arguments.seed)
        writers = Writers(county, campaign.told, campaign.arguments.seed).start()
        imports = Imports(county, campaign.arguments.seed)
        kills = dict.fromkeys(ALL, 0)
        slowest = 0.0
        try:
            while sum(kills.values()) < campaign.arguments.kills:
                imports.go_on()
                time.sleep(dice.uniform(0.05, 1.2))
                victims = dice.sample(ALL, dice.choice([1, 1, 1, 1, 1, 1, 1, 2, 2, 6]))
                for name in victims:
                    county.kill(name)
                    kills[name] += 1
                time.sleep(dice.uniform(0, 0.4))
                for name in victims:
                    county.launch(name)
                    if dice.random() < 0.25:  # and once more, while it starts
                        time.sleep(dice.uniform(0, 0.25))
                        county.kill(name)
                        kills[name] += 1
                        county.launch(name)
                for name in victims:
                    slowest = max(slowest, county.wait_until_serving(name))
                writers.until_more(dice.randrange(1, 30))
        finally:
            writers.stop()
            imports.end()
        check(campaign, county, auditor, writers, imports, existing)
        campaign.say(
            sum(kills.values()) >= campaign.arguments.kills, "killed under load",
            ", ".join(f"{name} {count}" for name, count in kills.items()) + f"; serving again after {slowest:.1f} s at most; "
            f"{writers.attempts} attempts, {writers.acknowledged} acknowledged writes, {len(imports.ids)} imported cases")
        county.stop_all()


def check(campaign, county, auditor, writers, imports, existing=0, rebuild=True):
    """Everything that was acknowledged is there once, everybody has heard of it, all books agree."""
    campaign.none("writers were answered, and the same when they asked again", writers.findings)
    auditor.until_all_are_reached()
    lost, different = [], []
    for request_id, answer in writers.reports.items():
        again = auditor.operator.insist(auditor.operator.cases.ReportCase, report_request(request_id))
        if again != answer:
            different.append(answer.case_record.number)
        read = auditor.operator.insist(
            auditor.operator.cases.GetCase, case_service_pb2.GetCaseRequest(case_id=answer.case_record.case_id))
        if read.case_record.number != answer.case_record.number:
            lost.append(answer.case_record.number)
    for request_id, answer in writers.drafts.items():
        if auditor.leader.insist(auditor.leader.calls.DraftCall, draft_request(request_id)) != answer:
            different.append(answer.call.call_id)
        auditor.leader.insist(auditor.leader.calls.GetCall, call_service_pb2.GetCallRequest(call_id=answer.call.call_id))
    for answer in writers.determinations.values():
        kept = auditor.leader.insist(auditor.leader.determinations.GetDetermination, determination_service_pb2.GetDeterminationRequest(
            determination_id=answer.determination.determination_id))
        if kept.determination.item_code != answer.determination.item_code:
            lost.append(answer.determination.determination_id)
    campaign.none("every acknowledged write is there", lost, f"{writers.acknowledged}")
    campaign.none("a repeated request has the answer of the first", different, f"{len(writers.reports) + len(writers.drafts)} asked again")
    expected = existing + len(writers.reports) + len(imports.ids)
    campaign.say(auditor.count_cases() == expected, "every case is there once", f"{auditor.count_cases()} of {expected}")
    drafts = auditor.count_drafts()
    campaign.say(
        sorted(drafts) == sorted(answer.call.call_id for answer in writers.drafts.values()), "every call is there once", f"{len(drafts)}")
    campaign.none("imports came through", imports.findings(auditor), f"{len(imports.ids)} cases in {imports.count} files")
    took = auditor.until_relayed()
    campaign.say(True, "everybody has heard everything", f"{took:.1f} s after the last write")
    heard = auditor.desk.insist(auditor.desk.scores.GetHandlingTime, scorecard_service_pb2.GetHandlingTimeRequest()).handling_time
    campaign.say(heard.case_count == expected, "the scorecard counts them all", f"{heard.case_count} of {expected}")
    campaign.none("chains hold, nothing is parked, the scorecards are what their facts say", auditor.unsound())
    if rebuild:
        check_rebuilt(campaign, county, auditor)


def check_rebuilt(campaign, county, auditor):
    """Performance-evaluation, emptied, comes to the same scorecards from what the others' journals say."""
    before = auditor.desk.insist(auditor.desk.rebuild.GetWatermarks, rebuild_service_pb2.GetWatermarksRequest())
    county.stop("performance-evaluation")
    for file in county.data("performance-evaluation").iterdir():
        file.unlink()
    county.start("performance-evaluation")
    auditor.until_all_are_reached()
    auditor.until_relayed(300)
    after = auditor.desk.insist(auditor.desk.rebuild.GetWatermarks, rebuild_service_pb2.GetWatermarksRequest())
    campaign.say(
        before.checksum == after.checksum and before.fact_count == after.fact_count,
        "heard again from nothing, the scorecards are the same", f"{after.fact_count} facts")


class Imports:
    """`huying import cases`, one file after another: whole lives of cases, with determinations, calls and tasks in other services."""

    size = 60

    def __init__(self, county, seed):
        self.county, self.seed = county, seed
        self.count = 0
        self.ids = []  # (source, id)
        self.process = None
        self.failures = []

    def go_on(self):
        if self.process is not None and self.process.poll() is None:
            return
        self._finish()
        self.count += 1
        name = f"messages-{self.seed}-{self.count}.jsonl"
        path = self.county.folder / name
        self.ids += [(name, id) for id in messages.write(path, self.size, f"{self.seed}-{self.count}")]
        self.path = path
        self._begin()

    def end(self):
        self._finish()

    def _begin(self):
        self.process = self.county.begin_huying("import", "cases", str(self.path), "-o", "json")

    def _finish(self):
        if self.process is None:
            return
        output, errors = self.process.communicate(timeout=300)
        if self.process.returncode == NO_GATEWAY:
            # It asks once whether the gateway is there, and ends if it is being killed just then: somebody does it again.
            self._begin()
            output, errors = self.process.communicate(timeout=300)
        if self.process.returncode == 0:
            numbers = json.loads(output)
            if numbers["refused"] or numbers["added"] + numbers["alreadyThere"] != self.size:
                self.failures.append(f"{self.path.name}: {numbers}")
        else:
            self.failures.append(f"{self.path.name}: exit {self.process.returncode}: {errors.decode(errors='replace')[-300:]}")
        self.process = None

    def findings(self, auditor):
        found = list(self.failures)
        desk = auditor.desk
        for source in sorted({source for source, _ in self.ids}):
            ids = [id for own, id in self.ids if own == source]
            rows = desk.insist(desk.imports.LookupImports, import_service_pb2.LookupImportsRequest(
                source=source, external_refs=ids)).imported_cases
            if sorted(row.external_ref for row in rows) != sorted(ids):
                found.append(f"{source}: {len(rows)} of {len(ids)} rows")
            for row in [row for row in rows if row.call_id][:10]:
                def linked():
                    call = desk.ask(desk.calls.GetCall, call_service_pb2.GetCallRequest(call_id=row.call_id)).call
                    return list(call.case_ids) == [row.case_id]
                try:
                    eventually(f"{row.number} and its call know each other", linked, 20)
                except Exception as error:
                    found.append(error)
        return found
