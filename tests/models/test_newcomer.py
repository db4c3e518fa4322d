from fraud.records import ClaimId
from models.newcomer import newcomer
from models.table import Gathered
from models.train import review_lines


def test_a_newcomer_scores_as_it_was_fitted_with_lines_of_the_recent_claims(table, fitted):
    recent = {ClaimId(f"NEW-{row}"): [table.vectors[row]] for row in range(60)}
    scorer = newcomer(fitted, Gathered(table, recent), name="by hand")
    assert scorer.review_lines == review_lines(fitted, recent)
    assert scorer.probabilities(table.vectors).tolist() == (
        fitted.probabilities(table.vectors).tolist()
    )
    assert scorer.version.name == "newcomer"
