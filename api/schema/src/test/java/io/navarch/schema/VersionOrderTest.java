package io.navarch.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VersionOrderTest {
    @Test
    void stableVersionsComeFirstThenTheHigherNumber() {
        var huge = "v" + "9".repeat(40);
        var versions = List.of(
                "v1alpha1", "foo1", "v2beta1", "v1", huge, "v10", "v2", "v11alpha2", "v3beta1", "foo10", "v12alpha1");
        assertThat(versions.stream().sorted(VersionOrder.NEWEST_FIRST))
                .containsExactly(
                        huge,
                        "v10",
                        "v2",
                        "v1",
                        "v3beta1",
                        "v2beta1",
                        "v12alpha1",
                        "v11alpha2",
                        "v1alpha1",
                        "foo1",
                        "foo10");
    }
}
