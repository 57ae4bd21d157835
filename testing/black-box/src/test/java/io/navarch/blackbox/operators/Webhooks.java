package io.navarch.blackbox.operators;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponseBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ConversionResponseBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ConversionReview;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/// The webhooks of Widgets, over TLS: colours are set where none is, what is too wide is refused, and versions are
/// converted. Each call leaves a line in the log.
final class Webhooks {
    private static final int WIDEST = 100;

    private final Path certificates;
    private final String colour;
    private final KubernetesSerialization json = new KubernetesSerialization();

    /// @param certificates the folder of a Secret of type kubernetes.io/tls
    /// @param colour of widgets that have none
    Webhooks(Path certificates, String colour) {
        this.colour = colour;
        this.certificates = certificates;
    }

    void start() {
        var options = new HttpServerOptions()
                .setPort(8443)
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(certificates + "/tls.crt")
                        .addKeyPath(certificates + "/tls.key"));
        Vertx.vertx()
                .createHttpServer(options)
                .requestHandler(this::answer)
                .listen()
                .onFailure(Webhooks::end);
    }

    private static void end(Throwable why) {
        why.printStackTrace();
        System.exit(1);
    }

    private void answer(HttpServerRequest call) {
        call.body()
                .map(body -> answer(call.path(), body.toString(StandardCharsets.UTF_8)))
                .onSuccess(answer -> call.response()
                        .putHeader("Content-Type", "application/json")
                        .end(answer))
                .onFailure(why -> {
                    why.printStackTrace();
                    call.response().setStatusCode(500).end(String.valueOf(why));
                });
    }

    private String answer(String path, String body) {
        return switch (path) {
            case "/healthz" -> "ok";
            case "/mutate" -> admitted(body, true);
            case "/validate" -> admitted(body, false);
            case "/convert" -> converted(body);
            default -> throw new IllegalArgumentException(path);
        };
    }

    private String admitted(String body, boolean mayChange) {
        var review = json.unmarshal(body, AdmissionReview.class);
        review.setResponse(admitted(review.getRequest(), mayChange));
        review.setRequest(null);
        return json.asJson(review);
    }

    private AdmissionResponse admitted(AdmissionRequest request, boolean mayChange) {
        var widget = (GenericKubernetesResource) request.getObject();
        var color = widget.<String>get("spec", "color");
        System.out.println("admit " + request.getOperation() + " " + request.getName() + " "
                + request.getRequestKind().getVersion() + " dryRun=" + request.getDryRun() + " color=" + color);
        var response = new AdmissionResponseBuilder().withUid(request.getUid()).withAllowed(true);
        if (mayChange && color == null) {
            var patch = "[{\"op\":\"add\",\"path\":\"/spec/color\",\"value\":\"" + colour + "\"}]";
            response.withPatchType("JSONPatch")
                    .withPatch(Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
        }
        if (mayChange) return response.build();
        int width = widget.<Number>get("spec", "width").intValue();
        if (width > WIDEST)
            response.withAllowed(false)
                    .withStatus(new StatusBuilder()
                            .withCode(403)
                            .withReason("Forbidden")
                            .withMessage("a widget of " + width + " does not fit")
                            .build());
        else if (width == WIDEST) response.withWarnings("a widget of " + width + " barely fits");
        return response.build();
    }

    private String converted(String body) {
        var review = json.unmarshal(body, ConversionReview.class);
        var request = review.getRequest();
        var version = request.getDesiredAPIVersion();
        System.out.println("convert " + request.getObjects().size() + " to " + version);
        var results = request.getObjects().stream()
                .map(each -> (Object) converted((GenericKubernetesResource) each, version))
                .toList();
        review.setResponse(new ConversionResponseBuilder()
                .withUid(request.getUid())
                .withConvertedObjects(results)
                .withResult(new StatusBuilder().withStatus("Success").build())
                .build());
        review.setRequest(null);
        return json.asJson(review);
    }

    /// Once a widget's size was one text.
    private static GenericKubernetesResource converted(GenericKubernetesResource widget, String version) {
        if (widget.getApiVersion().equals(version)) return widget;
        widget.setApiVersion(version);
        Map<String, Object> spec = widget.get("spec");
        if (version.endsWith("/v1")) {
            var size = spec.remove("size").toString().split("x");
            spec.put("width", Integer.valueOf(size[0]));
            spec.put("height", Integer.valueOf(size[1]));
        } else {
            spec.put("size", spec.remove("width") + "x" + spec.remove("height"));
        }
        return widget;
    }
}
