package io.navarch.kinds.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.PodSpec;
import io.navarch.model.RestartPolicy;
import io.navarch.objects.Quantity;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodResourcesTest {
    private static Container.Builder asking(String cpu) {
        return Container.builder()
                .resources(resources -> resources.putRequests(ResourceNames.CPU, Quantity.parse(cpu)));
    }

    private static String cpu(PodSpec.Builder spec) {
        return String.valueOf(PodResources.requests(spec.build()).get(ResourceNames.CPU));
    }

    private static PodSpec.Builder twoContainers() {
        return PodSpec.builder()
                .addContainers(asking("100m").build())
                .addContainers(asking("200m").build());
    }

    @Test
    void containersAddUpAndTheLargestInitContainerCountsIfItIsMore() {
        assertThat(cpu(twoContainers())).isEqualTo("300m");
        assertThat(cpu(twoContainers().addInitContainers(asking("250m").build())))
                .isEqualTo("300m");
        assertThat(cpu(twoContainers().addInitContainers(asking("2").build()))).isEqualTo("2");
    }

    @Test
    void sidecarsStayBesideWhatComesAfterThem() {
        var sidecar = asking("50m").restartPolicy(RestartPolicy.ALWAYS).build();

        assertThat(cpu(twoContainers().addInitContainers(sidecar))).isEqualTo("350m");
        assertThat(cpu(twoContainers()
                        .addInitContainers(sidecar)
                        .addInitContainers(asking("1").build())))
                .isEqualTo("1050m");
    }

    @Test
    void overheadAddsToRequestsButMakesNoLimit() {
        var spec = twoContainers().overhead(Map.of(ResourceNames.CPU, Quantity.parse("10m")));

        assertThat(cpu(spec)).isEqualTo("310m");
        assertThat(PodResources.limits(spec.build())).isEmpty();
    }
}
