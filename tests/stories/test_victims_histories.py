"""Some fifty victims' histories, replayed by commands: state, next action, owner and day after each step."""

from pathlib import Path

import pytest

from tests.stories.replaying import Replay, Story, found_service, stories


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded service, which each story copies."""
    folder = tmp_path_factory.mktemp("founded")
    found_service(folder)
    return folder


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_what_happened_to_a_victim_ends_where_the_practice_says(story: Story, founded: Path, tmp_path: Path) -> None:
    replay = Replay(story, tmp_path / "service")

    replay.play(founded)

    assert replay.cases or story.steps[-1]["then"] == []
