"""What the lessons say about PyTorch, where PyTorch is there: the book itself does not need it."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from lossnotes import losses

torch = pytest.importorskip("torch")
SCORES = np.random.default_rng(11).normal(0, 5, (100, 10))
LABELS = np.arange(100) % 10


def torch_loss(rows):
    return torch.nn.functional.cross_entropy(torch.tensor(rows), torch.tensor(LABELS), reduction="none").numpy()


def test_cross_entropy_loss_takes_logits():
    np.testing.assert_allclose(torch_loss(SCORES), losses.cross_entropy.value(SCORES, LABELS), rtol=1e-10, atol=1e-13)


def test_log_softmax_before_it_changes_nothing():
    np.testing.assert_allclose(torch_loss(log_softmax(SCORES, axis=1)), torch_loss(SCORES), rtol=1e-10, atol=1e-13)


def test_softmax_before_it_locks_it_into_a_band():
    floor = np.log1p(9 / np.e)
    twice = torch_loss(softmax(SCORES, axis=1))
    assert floor - 1e-9 < twice.min() < twice.max() < floor + 1 + 1e-9


def test_nll_loss_takes_no_logarithm():
    given = torch.tensor([[-7.0, 2.0]])
    assert torch.nn.functional.nll_loss(given, torch.tensor([1])).item() == -2.0


def test_the_margin_from_which_on_the_loss_is_0():
    values = [torch.nn.functional.cross_entropy(torch.tensor([[m, 0.0]]), torch.tensor([0])) for m in (16.5, 16.7)]
    assert values[0].item() > 0 == values[1].item()


def test_bce_loss_stops_at_100_and_its_gradient_dies():
    logit = torch.tensor([-50.0], requires_grad=True)
    (torch.nn.functional.binary_cross_entropy(torch.sigmoid(logit), torch.ones(1)) / 8).backward()
    assert logit.grad.item() == pytest.approx(-2.4109e-11, rel=1e-3)
    assert torch.nn.functional.binary_cross_entropy(torch.zeros(1), torch.ones(1)).item() == 100


def test_bce_loss_says_100_where_17_is_true():
    p = torch.sigmoid(torch.tensor([17.0]))
    assert torch.nn.functional.binary_cross_entropy(p, torch.zeros(1)).item() == 100


def test_the_mean_over_ignored_labels_is_nan():
    ignored = torch.tensor([-100, -100])
    assert np.isnan(torch.nn.functional.cross_entropy(torch.zeros(2, 3), ignored).item())


def test_softplus_of_the_negative_margin_keeps_its_digits():
    given = torch.tensor([-40.0], dtype=torch.float64)
    assert torch.nn.functional.softplus(given).item() == pytest.approx(4.248354255291589e-18, rel=1e-14)


def gaussian(var):
    return torch.nn.functional.gaussian_nll_loss(torch.zeros(1), torch.zeros(1), var)


def test_the_gaussian_loss_is_negative_below_1_and_not_below_0_399():
    assert gaussian(torch.tensor([0.99**2])).item() < 0 < gaussian(torch.tensor([1.01**2])).item()
    full = torch.nn.functional.gaussian_nll_loss(torch.zeros(1), torch.zeros(1), torch.tensor([0.41**2]), full=True)
    assert full.item() > 0


def test_the_floor_of_the_gaussian_loss_lets_the_gradient_through():
    var = torch.tensor([1e-9], requires_grad=True)
    loss = gaussian(var)
    loss.backward()
    assert loss.item() == gaussian(torch.tensor([1e-6])).item(), "the loss stands on the floor"
    assert var.grad.item() == pytest.approx(0.5e6, rel=1e-4), "and pushes the variance further down"


def test_the_poisson_loss_omits_ln_factorial_and_may_be_negative():
    loss = torch.nn.functional.poisson_nll_loss(torch.tensor([1.5]), torch.tensor([7.0]))
    assert loss.item() == pytest.approx(np.exp(1.5) - 7 * 1.5, rel=1e-6)
    assert loss.item() < 0 < losses.poisson_nll.value(1.5, 7)


def test_half_precision_has_no_minus_a_billion():
    half = torch.zeros(1, 3, dtype=torch.float16)
    mask = torch.tensor([[True, False, False]])
    with pytest.raises(RuntimeError, match="overflow"):
        half.masked_fill(mask, -1e9)
    lowest = torch.finfo(torch.float16).min
    assert torch.isneginf(half + lowest + lowest).all()
    assert torch.isfinite(torch.softmax(half.masked_fill(~torch.zeros_like(mask), lowest).float(), dim=1)).all()
    assert torch.isnan(torch.softmax(torch.full((3,), -torch.inf), dim=0)).all()


def test_the_mean_leaves_out_ignored_labels():
    given = torch.tensor([0, -100, -100])
    assert torch.nn.functional.cross_entropy(torch.zeros(3, 4), given).item() == pytest.approx(np.log(4))


def test_class_weights_divide_by_their_sum_and_weights_of_one_bit_by_the_count():
    right = np.exp([-1.0, -3.0])
    rows, weights = np.log(np.column_stack([right, 1 - right])), torch.tensor([1.0, 9.0])
    rows[1] = rows[1, ::-1]
    mean = torch.nn.functional.cross_entropy(torch.tensor(rows), torch.tensor([0, 1]), weight=weights.double())
    assert mean.item() == pytest.approx(2.8)
    logits = torch.tensor(np.log(right / (1 - right)))
    mean = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.ones(2).double(), weight=weights.double())
    assert mean.item() == pytest.approx(14)


def test_softmax_of_one_output_costs_nothing():
    assert torch.nn.functional.cross_entropy(torch.tensor([[3.0], [-2.0]]), torch.tensor([0, 0])).item() == 0


def test_xlogy_mends_the_value_and_not_the_gradient():
    p = torch.tensor([1.0, 0.0], requires_grad=True)
    entropy = -torch.special.xlogy(torch.tensor([1.0, 0.0]), p).sum()
    entropy.backward()
    assert entropy.item() == 0
    assert torch.isnan(p.grad[1])


def test_a_gradient_may_be_nan_where_the_loss_is_infinite():
    logits = torch.tensor([-110.0, 0.0], requires_grad=True)
    loss = -torch.log(torch.softmax(logits, dim=0)[0])
    loss.backward()
    assert torch.isposinf(loss)
    assert torch.isnan(logits.grad).all()
