package io.navarch.controllers.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ReplicaSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutAnnotationsTest {
    private static ReplicaSet set(Map<String, String> annotations) {
        return ReplicaSet.builder()
                .metadata(metadata -> metadata.name("web").annotations(annotations))
                .build();
    }

    @Test
    void aNewSetHasNoHistory() {
        assertThat(RolloutAnnotations.history(set(Map.of()))).isEmpty();
    }

    @Test
    void theRevisionsBeforeAreKept() {
        assertThat(RolloutAnnotations.history(set(Map.of(RolloutAnnotations.REVISION, "1"))))
                .contains("1");
        assertThat(RolloutAnnotations.history(
                        set(Map.of(RolloutAnnotations.REVISION, "3", RolloutAnnotations.HISTORY, "1"))))
                .contains("1,3");
    }
}
