package io.navarch.apiserver.delegation;

import io.navarch.apiserver.request.ApiRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Servers that answer some versions of some groups instead of this one.
public interface OtherServers {
    /// Answers a call for what another server serves.
    ///
    /// @return false when it is for this one
    boolean serve(ApiRequest request) throws IOException, InterruptedException;

    /// Answers with a document of OpenAPI 3 that another server has.
    ///
    /// @param root such as `apis/GROUP/VERSION`
    /// @return false when none has it
    boolean serveOpenApi(ApiRequest request, String root) throws IOException;

    /// Every version of a group that an APIService names, in no order.
    List<RegisteredVersion> versions();

    /// What the others say in OpenAPI 2 of what they serve: a document each, the one of highest priority first.
    List<Map<String, Object>> openApi2();

    /// The indexes of the others' documents in OpenAPI 3: where each root is to be found.
    Map<String, String> openApi3();

    /// Counts up whenever any of this changes; documents made of it are stale then.
    long generation();

    /// Ends what would go on by itself: the server stops.
    void drain();

    /// There are none.
    OtherServers NONE = new OtherServers() {
        @Override
        public boolean serve(ApiRequest request) {
            return false;
        }

        @Override
        public boolean serveOpenApi(ApiRequest request, String root) {
            return false;
        }

        @Override
        public List<RegisteredVersion> versions() {
            return List.of();
        }

        @Override
        public List<Map<String, Object>> openApi2() {
            return List.of();
        }

        @Override
        public Map<String, String> openApi3() {
            return Map.of();
        }

        @Override
        public long generation() {
            return 0;
        }

        @Override
        public void drain() {}
    };
}
