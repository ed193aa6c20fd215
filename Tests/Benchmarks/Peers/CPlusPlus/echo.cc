// The unary echo and the stream on gRPC C++, callback API, one polling thread where the library lets us say so.
#include <grpcpp/grpcpp.h>
#include <cstdio>
#include <string>
#include "echo.grpc.pb.h"

using google::protobuf::BytesValue;
using google::protobuf::Int32Value;
using google::protobuf::StringValue;

namespace {

class Blocks final : public grpc::ServerWriteReactor<BytesValue> {
 public:
  explicit Blocks(int count) : rest_(count) {
    block_.set_value(std::string(64 << 10, 'x'));
    Next();
  }
  void OnWriteDone(bool ok) override { ok ? Next() : Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (rest_-- > 0) StartWrite(&block_);
    else Finish(grpc::Status::OK);
  }
  int rest_;
  BytesValue block_;
};

class EchoService final : public benchmarks::Echo::CallbackService {
  grpc::ServerUnaryReactor* Echo(
      grpc::CallbackServerContext* context, const StringValue* request, StringValue* response) override {
    *response = *request;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerWriteReactor<BytesValue>* Stream(grpc::CallbackServerContext*, const Int32Value* request) override {
    return new Blocks(request->value());
  }
};

}  // namespace

int main() {
  EchoService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server) return 1;
  std::printf("listening %d\n", port);
  std::fflush(stdout);
  server->Wait();
}
