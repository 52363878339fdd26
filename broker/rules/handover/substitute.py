"""B is away too: a duty leader names a third person (AB-2)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall
from broker.rules.handover.people import exempted
from broker.rules.posts.halves import current_half
from broker.rules.posts.serving import post_of
from broker.rules.roles import LEAD, lacks_role
from broker.rules.service_day.serves import groups_at
from broker.rules.tasks.open import About, closed, opened
from broker.rules.training.gate import is_onboarded
from broker.schema import Post
from contracts import messages as m
from contracts.values import CounterId, HallTime, Refusal, StaffNo, TaskKind


def named(hall: Hall, asker: Asker, request: m.SubstituteRequested, now: HallTime) -> Decision:
    """A third person with the skill is named for the rest of the day; naming the same again is the same as once."""
    post = post_of(hall, request.counter)
    no = lacks_role(hall, request.actor, LEAD) or _no_post(hall, request.counter, post)
    if no is None and post is not None:
        no = exempted(post) or _not_needed(hall, post, now) or _unfit(hall, post, request.staff, now)
    if no is not None or post is None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_COUNTER))
    if hall.handovers.substitutes.get(post.counter) == request.staff:
        return done(asker, request)
    fact = f.SubstituteNamed(counter=post.counter, post=post.id, staff=request.staff, actor=request.actor)
    return done(asker, request, fact, *_asked(hall, post.counter, request))


def _no_post(hall: Hall, counter: CounterId, post: Post | None) -> No | None:
    if post is not None:
        return None
    return No(Refusal.UNKNOWN_COUNTER, f"{counter} has no post; posts are at {', '.join(hall.in_force.posts)}")


def _not_needed(hall: Hall, post: Post, now: HallTime) -> No | None:
    """Only while B is away now, or will be in the half that runs or comes next."""
    half = current_half(hall)
    ends = now + 1 if half is None else max(half.ends, now + 1)
    away = [one for one in hall.posts.absences if one.staff == post.b and one.begins < ends and now < one.ends]
    return None if away else No(Refusal.NOT_PERMITTED, f"{post.b} is here and acts for {post.a} (AB-2)")


def _unfit(hall: Hall, post: Post, staff: StaffNo, now: HallTime) -> No | None:
    """Whoever may sit down there: known, trained, here, able to do something the counter is for (decision 34)."""
    person = hall.in_force.staff.get(staff)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{staff} is no person of this hall")
    if staff in (post.a, post.b):
        return No(Refusal.NOT_PERMITTED, f"{staff} is of the post already; a third person is asked for (AB-2)")
    if not is_onboarded(hall, person):
        return No(Refusal.NOT_ONBOARDED, f"{staff} has not completed formalities and training (ROT-5, TRN-6)")
    if hall.posts.absent(staff, now) is not None:
        return No(Refusal.ON_LEAVE, f"{staff} is away")
    if not hall.in_force.pairs_in(groups_at(hall, post.counter), staff):
        return No(Refusal.NOT_QUALIFIED, f"{staff} has no skill of a group of {post.counter}")
    return None


def _asked(hall: Hall, counter: CounterId, request: m.SubstituteRequested) -> list[f.Fact]:
    """If the leader was asked who acts, the named person is now."""
    tasks = hall.tasks.of(TaskKind.ACT, counter=counter)
    rung = f.Rung(after=0, staff=(request.staff,))
    about = [About(counter=counter, values=one.values) for one in tasks]
    return [
        *(closed(one, "named", request.actor) for one in tasks),
        *(opened(hall, TaskKind.ACT, (rung,), one, nth) for nth, one in enumerate(about)),
    ]
