package io.navarch.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.ObjectKey;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Id MAP = new Id("configmaps", new ObjectKey("crash-0", "c-1"));
    private static final Set<String> KINDS = Set.of("configmaps");

    private final Ledger ledger = new Ledger();

    private Ledger.Verdict compare(Map<Id, Seen> shown) {
        return ledger.compare(shown, KINDS);
    }

    private static Map<Id, Seen> shown(long revision, long number) {
        return Map.of(MAP, new Seen(revision, number, true));
    }

    @Test
    void whatWasAcknowledgedMustBeThere() {
        ledger.acknowledged(MAP, 5, 17);
        assertThat(compare(shown(5, 17)).lost()).isEmpty();
        assertThat(compare(Map.of()).lost()).containsOnlyKeys(MAP);
    }

    @Test
    void anOlderStateIsALoss() {
        ledger.acknowledged(MAP, 5, 17);
        ledger.acknowledged(MAP, 8, 18);
        assertThat(compare(shown(5, 17)).lost()).containsOnlyKeys(MAP);
    }

    @Test
    void whatWasDeletedStaysDeleted() {
        ledger.acknowledged(MAP, 5, 17);
        ledger.acknowledged(MAP, 0, 0);
        assertThat(compare(Map.of()).lost()).isEmpty();
        ledger.acknowledged(MAP, 0, 0);
        assertThat(compare(shown(5, 17)).lost()).containsOnlyKeys(MAP);
    }

    @Test
    void whatWasNotAnsweredMayBeDoneOrNot() {
        ledger.acknowledged(MAP, 5, 17);
        ledger.sent(MAP, 18);
        assertThat(compare(shown(5, 17)).lost()).isEmpty();
        ledger.sent(MAP, 19);
        var done = compare(shown(9, 19));
        assertThat(done.lost()).isEmpty();
        assertThat(done.settled()).isEqualTo(1);
        // It is known from now on.
        assertThat(compare(shown(5, 17)).lost()).containsOnlyKeys(MAP);
        ledger.sent(MAP, 0);
        assertThat(compare(Map.of()).lost()).isEmpty();
    }

    @Test
    void whatIsNeitherOneNorTheOtherIsFound() {
        ledger.acknowledged(MAP, 5, 17);
        ledger.sent(MAP, 18);
        assertThat(compare(shown(9, 21)).lost()).containsOnlyKeys(MAP);
        ledger.letGo(MAP);
        assertThat(compare(shown(9, 21)).lost()).containsOnlyKeys(MAP);
        assertThat(compare(Map.of(MAP, new Seen(9, 21, false))).half()).containsOnlyKeys(MAP);
    }
}
