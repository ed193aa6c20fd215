// placeholder: this target is being built
