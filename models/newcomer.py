"""A scorer that no registry holds yet: to be judged, looked at, or thrown away."""

from fraud.assessment import ModelVersion
from models.scorer import LightGBMScorer
from models.table import Gathered
from models.train import Fitted, review_lines


def newcomer(fitted: Fitted, gathered: Gathered, *, name: str) -> LightGBMScorer:
    """A fitted scorer with review lines from the recent claims it was gathered with.

    Raises InvalidInput where no recent claim can set a line.
    """
    columns = gathered.table.columns
    return LightGBMScorer(
        booster=fitted.booster,
        calibration=fitted.calibration,
        columns=columns,
        review_lines=review_lines(fitted, gathered.recent),
        version=ModelVersion("newcomer", name, "", columns.feature_set),
    )
