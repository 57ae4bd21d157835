package io.navarch.aggregation;

import io.navarch.apiserver.discovery.Published;

/// The document of OpenAPI 3 of a version that another server serves.
sealed interface PublishedThree {
    /// @param url where that server has it
    record There(String url) implements PublishedThree {}

    /// Made here of what the server says in OpenAPI 2.
    ///
    /// @param tag of the document that it was made of
    record Converted(Published document, String tag) implements PublishedThree {}

    /// @param root such as `apis/GROUP/VERSION`
    default String url(String root) {
        return switch (this) {
            case There(var url) -> url;
            case Converted(var document, var tag) -> "/openapi/v3/" + root + "?hash=" + document.hash();
        };
    }
}
