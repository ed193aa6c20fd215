import RPC
import Testing
