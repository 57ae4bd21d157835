package io.navarch.apiserver.request;

/// The media types that are not negotiated.
public final class ContentTypes {
    public static final String JSON = "application/json";
    public static final String YAML = "application/yaml";
    public static final String APPLY = "application/apply-patch+yaml";
    public static final String TEXT = "text/plain; charset=utf-8";

    private ContentTypes() {}
}
