import HuyingCLI

await Huying.main()
