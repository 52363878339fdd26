"""The public state of the hall as this node has heard it: of every topic the newest version, nothing older. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.messages import CounterBoard, HallBoard, NoticeBoard, QueueBoard, Versioned
from contracts.values import CounterId

Key = tuple[type[Versioned], str]


@dataclass(frozen=True, slots=True)
class Picture:
    """What was heard, by topic."""

    boards: Mapping[Key, Versioned] = field(default_factory=dict)

    def with_(self, board: Versioned) -> "Picture":
        """The picture with this board; the very same picture if that version, or a newer one, is there already."""
        key = _key(board)
        known = self.boards.get(key)
        if known is not None and (board.epoch, board.fact) <= (known.epoch, known.fact):
            return self
        return Picture({**self.boards, key: board})

    @property
    def counters(self) -> list[CounterBoard]:
        """Every counter heard of."""
        return [board for board in self.boards.values() if isinstance(board, CounterBoard)]

    @property
    def queues(self) -> list[QueueBoard]:
        """Every queue group heard of."""
        return [board for board in self.boards.values() if isinstance(board, QueueBoard)]

    @property
    def hall(self) -> HallBoard | None:
        """The part of the day."""
        board = self.boards.get((HallBoard, ""))
        return board if isinstance(board, HallBoard) else None

    @property
    def notice(self) -> NoticeBoard | None:
        """The notice, whether it has run out or not."""
        board = self.boards.get((NoticeBoard, ""))
        return board if isinstance(board, NoticeBoard) else None

    def counter(self, counter: CounterId) -> CounterBoard | None:
        """One counter, if it was heard of."""
        board = self.boards.get((CounterBoard, counter))
        return board if isinstance(board, CounterBoard) else None


def _key(board: Versioned) -> Key:
    match board:
        case CounterBoard():
            return CounterBoard, board.counter
        case QueueBoard():
            return QueueBoard, board.group
        case _:
            return type(board), ""
