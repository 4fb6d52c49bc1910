"""The catalogue of losses: each from one formula, accurate in float32 and float64."""

from lossnotes.losses.checks import Parameter
from lossnotes.losses.classes import (
    ClassLoss,
    brier,
    cross_entropy,
    info_nce,
    kl_divergence,
    label_smoothing_cross_entropy,
    nt_xent,
    softmax_squared_error,
    spherical,
)
from lossnotes.losses.regression import (
    absolute_error,
    binary_cross_entropy,
    focal,
    gaussian_nll,
    half_squared_error,
    hinge,
    huber,
    laplace_nll,
    log_cosh,
    pinball,
    poisson_nll,
    quartic_error,
    sigmoid_squared_error,
    squared_error,
    student_t_nll,
    triplet,
)
from lossnotes.losses.scalar import Loss

#: Name → loss, in the order in which the book meets them.
CATALOGUE = {
    loss.name: loss
    for loss in (
        half_squared_error,
        squared_error,
        absolute_error,
        quartic_error,
        huber,
        log_cosh,
        pinball,
        gaussian_nll,
        laplace_nll,
        student_t_nll,
        poisson_nll,
        binary_cross_entropy,
        focal,
        sigmoid_squared_error,
        hinge,
        cross_entropy,
        label_smoothing_cross_entropy,
        brier,
        softmax_squared_error,
        spherical,
        kl_divergence,
        triplet,
        info_nce,
        nt_xent,
    )
}

__all__ = ["CATALOGUE", "ClassLoss", "Loss", "Parameter", *CATALOGUE]
