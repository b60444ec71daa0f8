import json

import pytest

from mlinfra_training.checkpoints import KEPT, LIST, Checkpoints, LocalFolder, S3Folder, folder_at
from mlinfra_training.errors import EnvironmentNotUsable, NotThere, WrongInput


@pytest.fixture
def folder(tmp_path):
    return LocalFolder(str(tmp_path / "states"))


def opened(folder, identity="same"):
    return Checkpoints(folder, identity)


class Killed(Exception):
    pass


class KilledAt(LocalFolder):
    """A folder whose program is killed before the n-th write."""

    def __init__(self, address, writes):
        super().__init__(address)
        self._left = writes

    def write(self, name, content, content_type):
        if self._left == 0:
            raise Killed
        self._left -= 1
        super().write(name, content, content_type)


def test_an_empty_folder_has_no_state(folder):
    assert opened(folder).newest() is None


def test_the_newest_state_is_found_by_the_next_program(folder):
    first = opened(folder)
    for state in (b"one", b"two"):
        first.save(state)
    assert opened(folder).newest() == b"two"


def test_no_more_files_than_needed_are_kept(folder, tmp_path):
    checkpoints = opened(folder)
    for number in range(20):
        checkpoints.save(b"%d" % number)
    assert len(list((tmp_path / "states").iterdir())) == KEPT + 1
    assert opened(folder).newest() == b"19"


@pytest.mark.parametrize("writes", range(12))
def test_a_kill_between_any_two_writes_leaves_a_whole_newest_state(tmp_path, writes):
    address = str(tmp_path / "states")
    saved = None
    checkpoints = opened(KilledAt(address, writes))
    with pytest.raises(Killed):
        for number in range(10):
            state = b"%d" % number
            checkpoints.save(state)
            saved = state
    again = opened(LocalFolder(address))
    assert again.newest() == saved
    again.save(b"after")
    assert opened(LocalFolder(address)).newest() == b"after"


@pytest.mark.parametrize("broken", ["cut", "missing"])
def test_a_broken_state_is_told_and_the_one_before_is_taken(folder, tmp_path, capsys, broken):
    checkpoints = opened(folder)
    for state in (b"one", b"two"):
        checkpoints.save(state)
    newest = tmp_path / "states" / "checkpoint-2.pt"
    assert newest.read_bytes() == b"two"
    newest.write_bytes(b"tw") if broken == "cut" else newest.unlink()
    assert opened(folder).newest() == b"one"
    assert "checkpoint-2.pt" in capsys.readouterr().err


def test_when_all_states_are_broken_it_starts_anew_and_says_so(folder, tmp_path, capsys):
    opened(folder).save(b"one")
    (tmp_path / "states" / "checkpoint-1.pt").write_bytes(b"")
    assert opened(folder).newest() is None
    assert "starting anew" in capsys.readouterr().err


def test_states_of_another_training_are_refused(folder):
    opened(folder, "one").save(b"state")
    with pytest.raises(WrongInput, match="of a training with other data.*give another folder"):
        opened(folder, "other").newest()


@pytest.mark.parametrize("content", ["", "[]", '{"format": "other"}', '{"format": "mlinfra/checkpoints/v1"}'])
def test_a_list_that_is_none_is_refused(folder, content):
    folder.write(LIST, content.encode(), "application/json")
    with pytest.raises(EnvironmentNotUsable, match="latest.json is no list of checkpoints"):
        opened(folder).newest()


@pytest.mark.parametrize("name", ["../x", ".hidden", "a/b"])
def test_a_list_names_files_of_its_folder_alone(folder, name):
    entries = [{"number": 1, "name": name, "sha256": "0"}]
    content = {"format": "mlinfra/checkpoints/v1", "identity": "same", "checkpoints": entries}
    folder.write(LIST, json.dumps(content).encode(), "application/json")
    with pytest.raises(EnvironmentNotUsable, match="outside of its folder"):
        opened(folder).newest()


def test_a_file_in_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentNotUsable, match="check the folder"):
        opened(LocalFolder(str(tmp_path / "file"))).newest()


class FakeS3:
    """Holds objects; says of missing ones what S3 says to a role that may not list."""

    def __init__(self, may_read=True):
        self.objects = {}
        self._may_read = may_read

    def read(self, bucket, key):
        if not self._may_read or (bucket, key) not in self.objects:
            raise NotThere("GetObject failed with AccessDenied")
        return self.objects[bucket, key]

    def write(self, bucket, key, content, content_type):
        self.objects[bucket, key] = content


def test_s3_folders_work_without_the_right_to_list():
    s3 = FakeS3()
    folder = S3Folder("s3://my-bucket/checkpoints/job-1/", s3)
    assert opened(folder).newest() is None
    opened(folder).save(b"state")
    assert set(s3.objects) == {
        ("my-bucket", "checkpoints/job-1/checkpoint-1.pt"),
        ("my-bucket", "checkpoints/job-1/latest.json"),
    }
    assert opened(folder).newest() == b"state"


def test_a_role_that_may_write_but_not_read_is_noticed_at_once():
    folder = S3Folder("s3://my-bucket/checkpoints/job-1/", FakeS3(may_read=False))
    with pytest.raises(EnvironmentNotUsable, match="written but not read; allow s3:GetObject"):
        opened(folder).save(b"state")


def test_addresses_tell_the_kind_of_folder(tmp_path):
    assert isinstance(folder_at(str(tmp_path)), LocalFolder)
    assert isinstance(folder_at("s3://my-bucket/checkpoints/a/"), S3Folder)
