"""Which item of the curriculum is derived by which test; items are those that its lessons mark with D.

A test is the key of a table, whose lesson may be left out, or a function.
"""

import pytest
import test_corpus_classes as classes
import test_corpus_numbers as numbers
import test_corpus_practice as practice
import test_corpus_scores as scores

#: Lesson → item → the tests that derive it.
COVERED = {
    1: {
        "d/dx ½(x−y)² = x−y": ["half squared error", "half squared error, multiplied out"],
        "of (x−y)² and (1/n)Σ": ["squared error", "mean squared error"],
        "4(x−y)³": ["quartic error"],
        "sin 2t + π sin 2πt": ["the sine rival"],
        "zero set {0} by irrationality": [
            "the sine rival where its first term is 0", "test_the_sine_rival_is_zero_at_zero_only"
        ],
    },
    2: {
        "−log ΠN, n and d symbolic": ["test_a_product_of_likelihoods_is_a_sum_of_losses"],
        "argmin over f independent of σ": ["test_the_best_fit_does_not_depend_on_sigma"],
        "σ̂² = ‖r‖²/(nd), second derivative": ["the spread", "the slope is 0 at σ̂", "a curvature of σ̂"],
        "heteroscedastic ½e^{−s}r² + ½s": ["a spread for each point", "its curvature"],
        "optimum s = ln r², value ½ + ln|r| → −∞": [
            "the loss at its best s", "test_a_spread_for_each_point_collapses"
        ],
        "weight decay ⇒ σ matters": [
            "weight decay", "the slope is 0 at the shrunken weight", "test_with_weight_decay_it_does"
        ],
    },
    3: {
        "argmin E(y−c)² = mean": [
            "squared error on average", "squared error is spread plus distance from the mean"
        ],
        "E|y−c| = median": ["absolute error on average", "test_medians_and_quantiles_for_every_density"],
        "pinball → quantile": ["test_medians_and_quantiles_for_every_density"],
        "log-cosh ψ = tanh": ["log-cosh", "log-cosh as exponentials"],
        "its density sech(r)/π": ["the density of log-cosh", "an integral of sech", "its mass"],
        "Huber normaliser and its limit": ["Huber's normaliser", "of a wide Huber loss"],
        "Laplace b̂ = mean|r|": [
            "the Laplace scale", "Laplace's slope is 0 at the mean size", "its curvature", "Laplace's curvature there"
        ],
        "Student-t ψ": ["Student-t"],
        "its maximum": ["Student-t pulls hardest with", "there its pull turns", "and bends down"],
        "ν → ∞": ["Student-t with many degrees of freedom"],
        "f(x−y) elicits the mean only if quadratic (sketch)": [
            "a linear slope leaves the mean alone", "test_only_a_linear_slope_leaves_the_mean_alone"
        ],
    },
    4: {
        "−log p^y(1−p)^{1−y}": ["the Bernoulli likelihood"],
        "σ′ = σ(1−σ)": ["sigmoid", "sigmoid of −z"],
        "BCE = softplus(z) − yz": [
            "binary cross-entropy of a logit", "−ln σ(z) is a softplus", "softplus(z) − softplus(−z) = z"
        ],
        "∂ = σ − y": ["binary cross-entropy", "test_a_derivative_written_as_such_is_computed"],
        "∂² = σ(1−σ) > 0": ["its curvature", "test_binary_cross_entropy_is_convex"],
        "softmax₂ = σ(z₂−z₁)": ["two classes are one logit"],
        "gradients (−g, g)": ["of two logits, in the first", "of two logits, in the second"],
        "likelihood product underflows": [
            "n fair flips", "test_a_likelihood_underflows_where_its_logarithm_does_not"
        ],
    },
    5: {
        "∇LSE = softmax": ["LSE"],
        "∇CE = pΣy − y → p − y": [
            "cross-entropy of logits", "LSE leaves the sum over targets", "cross-entropy, before Σt = 1 is used",
            "test_the_residual_for_every_number_of_classes",
        ],
        "J = diag p − ppᵀ": ["softmax, its Jacobian"],
        "J1 = 0": ["J1 = 0", "probabilities add up to 1"],
        "vᵀJv = ½ΣΣ p_j p_k (v_j − v_k)²": [
            "the quadratic form of J", "test_softmax_has_a_positive_semidefinite_jacobian"
        ],
        "shift invariance": ["a shift of all logits", "softmax does not see it"],
        "max ≤ τLSE(z/τ) ≤ max + τ ln K": [
            "LSE at a temperature, about any a", "K less terms that are at most 1", "K equal logits",
            "one logit behind, when cold", "test_lse_lies_between_the_largest_and_ln_K_above_it",
        ],
        "CE = −log p_y": ["cross-entropy of a label"],
    },
    6: {
        "ODE ⇒ ½(x−y)²": ["the loss whose slope is the difference", "half squared error has the slope asked for"],
        "dL/dp = (p−y)/(p(1−p)) ⇒ BCE": ["binary cross-entropy in p", "slope in p, times dp/dz"],
        "residual field conservative iff Jacobian symmetric": [
            "test_a_normalised_function_with_a_residual_loss_is_an_exponential"
        ],
        "∫₀¹ z·softmax(tz)dt = LSE(z) − ln K": ["LSE along a ray", "a path from 0, its end"],
        "normalised-elementwise theorem, f = ae^{cz}": [
            "f = a e^{cz} has a loss", "f_k = a_k e^{cz} has one too: offsets",
            "test_a_normalised_function_with_a_residual_loss_is_an_exponential",
        ],
        "counterexamples z²+1, softplus": [
            "z² + 1 is not conservative", "test_other_functions_have_no_residual_loss"
        ],
        "matching loss for tanh": ["tanh's matching loss", "tanh"],
        "for probit": ["probit's matching loss", "probit"],
        "for exp": ["exp's matching loss", "exp"],
        "for atan": ["atan's matching loss", "atan"],
        "and for the sigmoid": ["6: sigmoid"],
        "canonical table, A′ and A″": [
            "test_canonical_links", "the mean of a Poisson count", "its variance", "the mean of an exponential",
            "its variance, squared mean",
        ],
    },
    7: {
        "CE = H + KL": ["cross-entropy is entropy plus divergence"],
        "Gibbs by Jensen": [
            "divergence as the gap of a logarithm below its tangent", "a logarithm and its tangent", "convex",
            "test_a_logarithm_lies_below_its_tangent",
        ],
        "and via Bregman": ["divergence as Bregman's, of x ln x"],
        "linearity ⇒ E[∂] = ∂E": [
            "linear in the labels", "one label's gradient on average", "a sum over labels and its gradient"
        ],
        "TV sample objective 2 − 2p·q": ["total variation from one label"],
        "sampled Hellinger optimum p²/Σp²": ["sampled Hellinger", "sampled Hellinger's slope is 0 at p² / Σp²"],
    },
    8: {
        "E‖q−e_y‖² = ‖q−p‖² + 1 − ‖p‖²": ["squared distance from a drawn label"],
        "log, Brier, spherical stationary at q = p": [
            "log, K classes", "Brier, K classes", "spherical, K classes", "spherical, its slope at q = p"
        ],
        "with second-order check": ["test_proper_scores_are_lowest_at_the_truth"],
        "L1 → vertex": ["absolute error leads to a vertex", "test_sampled_total_variation_has_no_minimum_inside"],
        "quartic p^{1/3} law": ["the quartic", "the quartic's slope is 0 at its cube-root law"],
        "focal improper": ["focal's slope at q = p", "test_focal_loss_is_improper"],
        "Savage form": ["test_savage_form", "test_savage_form_of_every_convex_function"],
        "locality ⇒ log": ["a slope of c/p is the logarithm's"],
        "sandwich, E[v²xxᵀ] and E[v³xxᵀ]": ["Brier's slopes squared, on average", "Brier's curvature on average"],
    },
    9: {
        "2(σ−y)σ(1−σ)": ["squared error through a sigmoid"],
        "max |slope| 8/27 at z = −ln 2": ["squared error's steepest slope"],
        "curvature 2p(1−p)²(3p−1) changes sign there": ["its curvature for y = 1", "there the curvature is 0"],
        "limits 1, ½, 2": [
            "squared error, confidently wrong", "half of it", "over two classes",
            "cross-entropy's slope, confidently wrong",
        ],
        "CE ~ e^{−z}, ~ −z": ["cross-entropy in units of e^{−z}", "cross-entropy less −z"],
        "ratio 1/(2p(1−p)) ≥ 2": [
            "ratio of slopes", "it is at least 2", "test_the_ratio_of_slopes_is_lowest_at_one_half"
        ],
        "K-class formula": ["K classes"],
        "2/K at uniform": ["2/K at uniform p"],
        "1/√2 ≤ ‖p−y‖ < √2": [
            "wrong by a tie at least", "the others, squared one by one", "wrong by less than √2"
        ],
        "per-layer ratio": ["a weight in a hidden layer"],
        "closed-form escape times": ["time to escape, cross-entropy", "time to escape, squared error"],
    },
    10: {
        "2/K": ["9: 2/K at uniform p"],
        "separable ⇒ w ~ ln t/margin": ["time to a weight, at margin b", "weights grow like a logarithm"],
        "loss ~ 1/t": ["separable loss falls like 1/t"],
        "linear-MSE contraction": ["a step of squared error contracts", "n steps"],
    },
    11: {
        "shift identity": ["a shift by the largest"],
        "log1p form": ["loss by log1p"],
        "log_softmax∘log_softmax = log_softmax": ["log-softmax of log-softmax"],
        "double-softmax floor and ceiling": [
            "softmax twice, its floor", "softmax twice, its ceiling", "softmax twice, towards its floor",
            "the chord above e^p", "test_softmax_twice_stays_between_floor_and_ceiling",
        ],
        "softplus max(z,0) + log1p(e^{−|z|})": ["softplus without overflow"],
    },
    12: {
        "LS = (1−ε)CE + ε(KL(u‖p) + ln K)": [
            "label smoothing", "its second part, a divergence from uniform"
        ],
        "optimum logit gap ln(1 + K(1−ε)/ε)": [
            "its optimum is where the target is", "test_the_optimal_gap_of_ten_smoothed_classes",
            "test_label_smoothing_has_an_optimum",
        ],
        "both conventions": [
            "the optimum of the other convention", "test_floors_of_both_smoothing_conventions"
        ],
        "KD gradient (1/τ)(p_τ − t_τ)": ["distillation at temperature τ", "distillation from soft targets"],
        "×τ² rationale": [
            "the slope of distillation when hot", "test_a_temperature_squared_keeps_distillation_in_size"
        ],
        "class weight ⇒ wp/(wp+1−p)": [
            "class weight", "a class weight's optimum",
            "test_class_weights_and_focal_loss_do_not_ask_for_the_truth",
        ],
        "logit adjustment": ["in logits it is a shift", "logits adjusted by a prior"],
        "focal gradient (1−p)^γ[γ p ln p + p − 1]": ["focal"],
        "symmetric noise η ⇒ (1−2η)p + η": [
            "labels flipped with probability ε", "the optimum under flipped labels"
        ],
        "multi-label = K Bernoullis": ["many labels are many coins", "many labels"],
    },
    13: {
        "hinge minimiser sign(2p−1)": [
            "hinge on average, inside", "above 1", "below −1", "the least hinge loss"
        ],
        "pairwise logistic ranking": [
            "which of two is better", "pairwise logistic", "pairwise logistic, the other"
        ],
        "InfoNCE gradient (p−e₊)/τ": ["InfoNCE"],
        "and bound": [
            "InfoNCE and ln K", "what is missing to the information is a divergence", "floor of InfoNCE",
            "test_the_information_of_two_gaussians",
        ],
        "NT-Xent floor": ["floor of NT-Xent"],
        "triplet subgradient": ["triplet, active", "triplet, active, the far one"],
        "KL(N(μ,σ²)‖N(0,1))": [
            "divergence of two bells", "divergence of two bells, in its mean", "in its spread"
        ],
        "GAN: −σ against −(1−σ)": ["min-max generator", "non-saturating generator"],
        "MSE on bimodal pixel = grey mean": ["squared error on black or white", "grey, on average"],
    },
}  # fmt: skip

FILES = [numbers, classes, scores, practice]
KEYS = {key for file in FILES for key in (*file.EQUAL, *file.DERIVATIVES)}
FUNCTIONS = {name for file in FILES for name in dir(file) if name.startswith("test_")}
TABLES = {"test_equalities", "test_derivatives"}


def named(lesson, name):
    return name if name.startswith("test_") or name in KEYS else f"{lesson}: {name}"


@pytest.mark.parametrize("lesson", COVERED)
def test_every_item_has_its_tests(lesson):
    for item, names in COVERED[lesson].items():
        missing = {named(lesson, name) for name in names} - KEYS - FUNCTIONS
        assert names, item
        assert not missing, item


def test_every_test_has_its_item():
    used = {named(lesson, name) for lesson, items in COVERED.items() for names in items.values() for name in names}
    assert used == KEYS | FUNCTIONS - TABLES


def test_every_lesson_is_there():
    assert list(COVERED) == list(range(1, 14))
