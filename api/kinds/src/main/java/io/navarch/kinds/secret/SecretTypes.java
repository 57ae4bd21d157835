package io.navarch.kinds.secret;

/// The types of Secrets that promise certain keys, and what these are called.
///
/// Source: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
public final class SecretTypes {
    public static final String SERVICE_ACCOUNT_TOKEN = "kubernetes.io/service-account-token";
    /// The annotation that names the account of a token.
    public static final String SERVICE_ACCOUNT_NAME = "kubernetes.io/service-account.name";

    public static final String DOCKER_CONFIG = "kubernetes.io/dockercfg";
    public static final String DOCKER_CONFIG_KEY = ".dockercfg";
    public static final String DOCKER_CONFIG_JSON = "kubernetes.io/dockerconfigjson";
    public static final String DOCKER_CONFIG_JSON_KEY = ".dockerconfigjson";
    public static final String BASIC_AUTH = "kubernetes.io/basic-auth";
    public static final String SSH_AUTH = "kubernetes.io/ssh-auth";
    public static final String TLS = "kubernetes.io/tls";
    public static final String TLS_CERTIFICATE = "tls.crt";
    public static final String TLS_KEY = "tls.key";

    private SecretTypes() {}
}
