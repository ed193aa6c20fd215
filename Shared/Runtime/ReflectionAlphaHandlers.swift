import ReflectionContract
package import RPC

/// `grpc.reflection.v1alpha.ServerReflection`, for clients that know nothing newer: v1 under another name, byte for byte.
package struct ReflectionAlphaHandlers: Service {
  private let handlersOfV1: ReflectionHandlers

  package init(_ index: ReflectionIndex) { handlersOfV1 = ReflectionHandlers(index) }

  package var handlers: [MethodHandler] {
    [
      .bidirectional(ReflectionV1Alpha.ServerReflectionMethods.serverReflectionInfo) { requests, writer, context in
        try await handlersOfV1.serverReflectionInfo(requests, writer: writer, context: context)
      }
    ]
  }
}
