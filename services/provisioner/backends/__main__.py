"""`python -m services.provisioner.backends`: the backends there are, and which package brings each."""

from services.provisioner.backends.loading import installed

if __name__ == "__main__":
    for name, package in installed():
        print(f"{name:<12} {package}")
