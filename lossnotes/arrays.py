"""What an array would lose on its way to floats."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def has_mask(values: object) -> bool:
    """Whether these are a masked array, or a list of some."""
    return isinstance(values, np.ma.MaskedArray) or (isinstance(values, list | tuple) and any(map(has_mask, values)))


def beyond_floats(array: NDArray[Any]) -> Any:
    """An integer beyond 2^53, from where on a float64 does not hold each of them; None where there is none.

    Examples
    --------
    >>> beyond_floats(np.array([3, -(2**60)])), beyond_floats(np.array([2**53])), beyond_floats(np.array([1e300]))
    (np.int64(-1152921504606846976), None, None)
    """
    if array.dtype.kind not in "iu":
        return None
    return next((end for end in (array.max(), array.min()) if not -(2**53) <= end <= 2**53), None)
