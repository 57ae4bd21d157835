package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestInfoTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "GET, /api/v1/pods, list, '', v1, '', pods, '', ''",
                "GET, /api/v1/pods?watch=true, watch, '', v1, '', pods, '', ''",
                "GET, /api/v1/pods?watch=0, list, '', v1, '', pods, '', ''",
                "GET, /api/v1/watch/pods, watch, '', v1, '', pods, '', ''",
                "GET, /api/v1/watch/namespaces/a/pods/x, watch, '', v1, a, pods, x, ''",
                "GET, /api/v1/namespaces/a/pods/x, get, '', v1, a, pods, x, ''",
                "GET, /api/v1/namespaces/a/pods/x/log, get, '', v1, a, pods, x, log",
                "HEAD, /api/v1/namespaces/a/pods/x, get, '', v1, a, pods, x, ''",
                "POST, /apis/apps/v1/namespaces/a/deployments, create, apps, v1, a, deployments, '', ''",
                "PUT, /apis/apps/v1/namespaces/a/deployments/d/scale, update, apps, v1, a, deployments, d, scale",
                "PATCH, /apis/g.io/v1/things/t, patch, g.io, v1, '', things, t, ''",
                "DELETE, /api/v1/namespaces/a/pods, deletecollection, '', v1, a, pods, '', ''",
                "DELETE, /api/v1/namespaces/a/pods/x, delete, '', v1, a, pods, x, ''",
                "GET, /api/v1/namespaces/a, get, '', v1, a, namespaces, a, ''",
                "PUT, /api/v1/namespaces/a/finalize, update, '', v1, a, namespaces, a, finalize",
                "GET, /api/v1/namespaces/a/status, get, '', v1, a, namespaces, a, status",
                "GET, /api/v1/pods/, list, '', v1, '', pods, '', ''"
            })
    void resourcesAreReadFromTheirPaths(
            String method,
            String uri,
            String verb,
            String group,
            String version,
            String namespace,
            String resource,
            String name,
            String subresource) {
        var info = RequestInfo.of(new FakeCall(method, uri));
        assertThat(info.resourceRequest()).isTrue();
        assertThat(info)
                .isEqualTo(new RequestInfo(
                        true, verb, info.path(), group, version, namespace, resource, name, subresource, "", ""));
    }

    @ParameterizedTest
    @CsvSource({"/", "/version", "/api", "/api/v1", "/api/v1/", "/apis", "/apis/apps", "/apis/apps/v1", "/healthz/ping"
    })
    void otherPathsAreNoResources(String path) {
        var info = RequestInfo.of(FakeCall.get(path));
        assertThat(info.resourceRequest()).isFalse();
        assertThat(info.verb()).isEqualTo("get");
        assertThat(info.path()).isEqualTo(path);
    }

    @Test
    void aSelectorMayNameTheOnlyObject() {
        var info = RequestInfo.of(FakeCall.get("/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dx"));
        assertThat(info.verb()).isEqualTo("list");
        assertThat(info.name()).isEqualTo("x");
        assertThat(info.fieldSelector()).isEqualTo("metadata.name=x");
        for (var selector :
                new String[] {"metadata.name%21%3Dx", "metadata.name%3Da%2Fb", "metadata.name%3D..", "broken"})
            assertThat(RequestInfo.of(FakeCall.get("/api/v1/pods?fieldSelector=" + selector))
                            .name())
                    .isEmpty();
        assertThat(RequestInfo.of(new FakeCall("DELETE", "/api/v1/pods?fieldSelector=metadata.name%3Dx"))
                        .name())
                .isEmpty();
    }

    @Test
    void aPathMayMakeAnyMethodAWatch() {
        assertThat(RequestInfo.of(new FakeCall("POST", "/api/v1/watch/namespaces/a/pods"))
                        .verb())
                .isEqualTo("watch");
        assertThat(RequestInfo.of(new FakeCall("DELETE", "/api/v1/proxy/nodes/n/x"))
                        .verb())
                .isEqualTo("proxy");
    }

    @Test
    void aNamespaceIsNotInItself() {
        var info = RequestInfo.of(FakeCall.get("/api/v1/namespaces/a"));
        assertThat(info.namespaceItself()).isTrue();
        assertThat(info.clusterScoped().namespace()).isEmpty();
        assertThat(info.clusterScoped().name()).isEqualTo("a");
        assertThat(RequestInfo.of(FakeCall.get("/api/v1/namespaces/a/pods")).namespaceItself())
                .isFalse();
    }

    @Test
    void streamsAndWatchesLast() {
        assertThat(RequestInfo.of(FakeCall.get("/api/v1/pods?watch=1")).longRunning())
                .isTrue();
        assertThat(RequestInfo.of(FakeCall.get("/api/v1/namespaces/a/pods/x/exec"))
                        .longRunning())
                .isTrue();
        assertThat(RequestInfo.of(FakeCall.get("/api/v1/namespaces/a/pods/x/status"))
                        .longRunning())
                .isFalse();
    }

    @Test
    void aSubresourceIsPartOfTheQualifiedName() {
        assertThat(RequestInfo.of(FakeCall.get("/api/v1/namespaces/a/pods/x/log"))
                        .qualifiedResource())
                .isEqualTo("pods/log");
    }
}
