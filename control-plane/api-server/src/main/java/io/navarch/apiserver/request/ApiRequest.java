package io.navarch.apiserver.request;

import io.navarch.schema.admission.User;
import io.navarch.schema.protobuf.Protobuf;

/// A call as far as the stages have understood it. Immutable; a stage that learns something passes on a new one.
///
/// @param user anonymous until the call has been authenticated
public record ApiRequest(Call call, RequestInfo info, User user, Response response) {
    public static ApiRequest of(Call call, Protobuf protobuf, BodyBudget bodies) {
        return new ApiRequest(call, RequestInfo.of(call), User.ANONYMOUS, new Response(call, protobuf, bodies));
    }

    public ApiRequest as(User authenticated) {
        return new ApiRequest(call, info, authenticated, response);
    }

    public ApiRequest with(RequestInfo understood) {
        return new ApiRequest(call, understood, user, response);
    }
}
