package io.navarch.kinds.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.subresource.Connector;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the server calls a service that somebody has named.
class ServiceEndpointsTest {
    private static final String PORTS = "{type: ClusterIP, ports: [{name: https, port: 443}]}";

    private static Connector.Host find(String spec, String... endpoints) {
        var slices = Arrays.stream(endpoints)
                .map(each -> View.of(Yaml.parse("{metadata: {name: s, labels: {kubernetes.io/service-name: hook}},"
                        + " ports: [{name: https, port: 8443}], endpoints: [" + each + "]}")))
                .toList();
        return ServiceEndpoints.find(
                new Admission.Lookup() {
                    @Override
                    public View get(String group, String resource, String namespace, String name) {
                        return name.equals("hook")
                                ? View.of(Yaml.parse("{metadata: {name: hook}, spec: " + spec + "}"))
                                : View.ABSENT;
                    }

                    @Override
                    public List<View> list(String group, String resource, String namespace) {
                        return slices;
                    }
                },
                "n",
                "hook",
                443);
    }

    @Test
    void theFirstReadyEndpointIsCalled() {
        assertThat(find(
                        PORTS,
                        "{addresses: [10.0.0.1], conditions: {ready: false}}",
                        "{addresses: [10.0.0.2]}, {addresses: [10.0.0.3]}"))
                .isEqualTo(new Connector.Host("10.0.0.2", 8443, false));
    }

    /// Whoever may write slices would have the server call what it alone can reach.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "169.254.169.254",
                "'::1'",
                "'fe80::1'",
                "0.0.0.0",
                "'::ffff:127.0.0.1'",
                "localhost"
            })
    void noEndpointLeadsToThisMachine(String address) {
        assertThatThrownBy(() -> find(PORTS, "{addresses: [" + address + "]}"))
                .isInstanceOf(ApiException.class)
                .hasMessage("no endpoints available for service \"hook\"");
        assertThat(find(PORTS, "{addresses: [" + address + "]}", "{addresses: [10.0.0.3]}"))
                .isEqualTo(new Connector.Host("10.0.0.3", 8443, false));
    }

    /// What it stands for is looked at when it is called.
    @Test
    void aNameElsewhereIsCalledAsItIs() {
        assertThat(find("{type: ExternalName, externalName: hooks.example.org}"))
                .isEqualTo(new Connector.Host("hooks.example.org", 443, false));
    }

    @Test
    void whatCannotBeCalledIsNamed() {
        assertThatThrownBy(() -> find("{type: ClusterIP, ports: [{port: 80}]}"))
                .hasMessage("no service port 443 found for service \"hook\"");
        assertThatThrownBy(() -> find(PORTS)).hasMessage("no endpoints available for service \"hook\"");
    }
}
