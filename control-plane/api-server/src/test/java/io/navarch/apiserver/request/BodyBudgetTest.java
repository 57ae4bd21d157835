package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private final BodyBudget budget = new BodyBudget(100);

    @Test
    void whatDoesNotFitIsRefusedUntilThereIsRoom() {
        assertThat(budget.take(60)).isTrue();
        assertThat(budget.take(41)).isFalse();
        assertThat(budget.take(40)).isTrue();
        budget.give(60);
        assertThat(budget.take(60)).isTrue();
        assertThat(budget.taken()).isEqualTo(100);
    }

    @Test
    void oneAloneAlwaysFits() {
        assertThat(budget.take(1000)).isTrue();
        assertThat(budget.take(1)).isFalse();
    }

    @Test
    void aCallGivesBackWhatItTook() {
        var response = new Response(FakeCall.get("/"), null, budget);
        assertThat(response.reserve(30)).isTrue();
        assertThat(response.reserve(30)).isTrue();
        assertThat(response.reserve(50)).isFalse();
        response.end();
        response.end();
        assertThat(budget.taken()).isZero();
    }
}
