import pytest
import torch
from architectures import FAMILIES, save_member

from skilladapt.models.loading import load_student


@pytest.fixture(autouse=True)
def one_thread():
    """Several threads are slower on a tiny model, far slower on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module", params=FAMILIES)
def family(request):
    """The name of each family in turn."""
    return request.param


@pytest.fixture(scope="module")
def folder(family, tmp_path_factory):
    """A saved member of the family."""
    return save_member(family, tmp_path_factory.mktemp(family))


@pytest.fixture(scope="module")
def member(folder):
    """A student of the family; tests must not change it."""
    return load_student(str(folder))
