import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread():
    """Several threads are slower on a tiny model, far slower on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
