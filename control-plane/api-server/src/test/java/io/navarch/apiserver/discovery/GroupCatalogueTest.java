package io.navarch.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.delegation.RegisteredVersion;
import io.navarch.apiserver.delegation.RegisteredVersion.Elsewhere;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupCatalogueTest {
    private static RegisteredVersion registered(String group, String version, int groupPriority, int priority) {
        return new RegisteredVersion(
                group, version, groupPriority, priority, Optional.of(new Elsewhere(List.of(), true)));
    }

    private static final GroupCatalogue CATALOGUE = GroupCatalogue.of(
            List.of(),
            List.of(
                    registered("", "v1", 18_000, 1),
                    registered("low", "v1", 10, 1),
                    registered("low", "v2", 2000, 1),
                    registered("b.even", "v1", 1000, 100),
                    registered("a.even", "v1beta1", 1000, 100),
                    registered("versions", "v1", 500, 1),
                    registered("versions", "v2alpha1", 500, 1),
                    registered("versions", "v1alpha1", 500, 9),
                    new RegisteredVersion("said", "v1", 700, 1, Optional.empty())));

    /// The greatest priority of its versions is a group's.
    @Test
    void groupsStandInTheOrderOfTheirPriorities() {
        assertThat(CATALOGUE.served())
                .extracting(GroupCatalogue.Group::name)
                .containsExactly("", "low", "a.even", "b.even", "versions");
        // The list of groups orders equal ones by the names of their APIServices, and has what nobody serves.
        assertThat(CATALOGUE.named())
                .extracting(GroupCatalogue.Group::name)
                .containsExactly("low", "b.even", "a.even", "said", "versions");
    }

    @Test
    void versionsStandInTheOrderOfTheirPrioritiesThenTheNewestFirst() {
        assertThat(CATALOGUE.group("versions").orElseThrow().versions())
                .extracting(GroupCatalogue.Version::name)
                .containsExactly("v1alpha1", "v1", "v2alpha1");
    }
}
