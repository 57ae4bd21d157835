package io.navarch.aggregation.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.aggregation.status.EndpointChoice.Host;
import io.navarch.http.Tls;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Service;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointChoiceTest {
    private static final Registration.Backend BACKEND =
            new Registration.Backend("ns", "api", 443, new Tls.Trust.Machine());

    private static Service service(String spec) {
        return Service.of(View.of(Yaml.parse("{metadata: {name: api}, spec: " + spec + "}")));
    }

    private static Set<Host> choices(String spec, String... slices) throws EndpointChoice.UnresolvedException {
        var found = new HashSet<Host>();
        var read = Arrays.stream(slices)
                .map(slice -> EndpointSlice.of(View.of(Yaml.parse(slice))))
                .toList();
        var random = new Random(1);
        for (int i = 0; i < 50; i++) found.add(EndpointChoice.of(BACKEND, service(spec), read, random));
        return found;
    }

    @Test
    void anyReadyEndpointOfThePortIsCalled() throws EndpointChoice.UnresolvedException {
        assertThat(choices(
                        "{type: ClusterIP, ports: [{name: https, port: 443}, {name: other, port: 80}]}",
                        "{ports: [{name: other, port: 1}], endpoints: [{addresses: [10.0.0.9]}]}",
                        "{ports: [{name: https, port: 6443}], endpoints: [{addresses: [10.0.0.1, 10.0.0.2]},"
                                + " {addresses: [10.0.0.3], conditions: {ready: false}}, {addresses: [10.0.0.4]}]}"))
                .containsExactlyInAnyOrder(new Host("10.0.0.1", 6443), new Host("10.0.0.4", 6443));
    }

    /// Slices say what their author likes; nobody is led to what this machine has for itself.
    @Test
    void thisMachineIsNotCalledForOthers() {
        assertThatThrownBy(() -> choices(
                        "{type: ClusterIP, ports: [{port: 443}]}",
                        "{ports: [{name: '', port: 6443}], endpoints: [{addresses: [127.0.0.1]},"
                                + " {addresses: [169.254.169.254]}, {addresses: ['::1']}]}"))
                .hasMessage("no endpoints available for service \"api\"");
    }

    @Test
    void whatCannotBeCalledIsNamed() {
        assertThatThrownBy(() -> choices("{type: ClusterIP, ports: [{port: 80}]}"))
                .hasMessage("no service port 443 found for service \"api\"");
        assertThatThrownBy(() -> EndpointChoice.of(BACKEND, Service.ABSENT, List.of(), new Random(1)))
                .hasMessage("service \"api\" not found");
    }

    @Test
    void aNameElsewhereIsCalledAtThePortItself() throws EndpointChoice.UnresolvedException {
        assertThat(choices("{type: ExternalName, externalName: api.example.com}"))
                .containsExactly(new Host("api.example.com", 443));
    }
}
